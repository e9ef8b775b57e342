/** The API's failure codes as people read them; its details are in detail.ts. */
import type { Problem } from "./problem.ts";
import { currentLanguage, words } from "./words.ts";

export const entries = {
  offline: [
    "The server cannot be reached. Check your connection.",
    "تعذر الوصول إلى الخادم. تحقق من اتصالك.",
  ],
  invalid_request: ["That is not quite right", "البيانات المدخلة غير صحيحة"],
  invalid_code: ["The code is wrong, used or no longer valid", "الرمز خاطئ أو مستخدم أو انتهت صلاحيته"],
  invalid_confirmation: ["The confirmation is no longer valid", "التأكيد لم يعد صالحًا"],
  invalid_invitation: [
    "The invitation is wrong, used or no longer valid",
    "الدعوة خاطئة أو مستخدمة أو انتهت صلاحيتها",
  ],
  unauthenticated: ["Sign in first", "سجّل الدخول أولًا"],
  invalid_credentials: ["E-mail or password is wrong", "البريد الإلكتروني أو كلمة المرور غير صحيحة"],
  session_revoked: ["Your session has ended; sign in again", "انتهت جلستك؛ سجّل الدخول من جديد"],
  email_verification_required: ["Verify your e-mail first", "تحقق من بريدك الإلكتروني أولًا"],
  forbidden: ["You may not do this", "لا يُسمح لك بهذا"],
  not_found: ["There is nothing here for you", "لا يوجد شيء هنا متاح لك"],
  email_taken: ["An account with this e-mail exists", "يوجد حساب بهذا البريد الإلكتروني"],
  already_member: ["This person is in the organization already", "هذا الشخص عضو في المؤسسة بالفعل"],
  last_admin: [
    "An organization keeps at least one active admin",
    "يجب أن يبقى للمؤسسة مسؤول نشط واحد على الأقل",
  ],
  case_exists: ["There is a case with this question already", "هناك حالة بهذا السؤال بالفعل"],
  no_cases: ["There is no case to ask", "لا توجد حالة لسؤالها"],
  name_taken: ["That name is taken", "هذا الاسم مستخدم"],
  duplicate_document: ["The same document is there already", "المستند نفسه موجود بالفعل"],
  not_ready: ["The document is not ready yet", "المستند غير جاهز بعد"],
  too_large: ["That is too large", "الحجم أكبر من المسموح"],
  unsupported_type: ["We cannot read this type of document", "لا يمكننا قراءة هذا النوع من المستندات"],
  empty_document: ["The document has no text", "المستند لا يحتوي على نص"],
  encrypted_document: ["The document is protected by a password", "المستند محمي بكلمة مرور"],
  needs_ocr: ["Pictures of pages, but no text", "صور صفحات بلا نص"],
  url_refused: ["We do not fetch from that address", "لا نجلب من هذا العنوان"],
  broken_document: ["The document is damaged", "المستند تالف"],
  document_too_complex: ["The document unpacks to more than we read", "محتوى المستند أكبر مما يمكننا قراءته"],
  file_missing: ["The stored file is gone; upload it again", "الملف المخزن مفقود؛ ارفعه مجددًا"],
  ingestion_timeout: ["Reading the document took too many tries", "استغرقت قراءة المستند محاولات كثيرة"],
  cancelled: ["Stopped on request", "أُوقف بناءً على الطلب"],
  quota_full: ["Your organization may hold no more", "لا يمكن لمؤسستك الاحتفاظ بالمزيد"],
  quota_exceeded: ["Your organization has used up its month", "استنفدت مؤسستك حصتها لهذا الشهر"],
  rate_limited: ["Too many requests; wait a moment", "طلبات كثيرة؛ انتظر لحظة"],
  change_running: ["A change is under way already", "يوجد تغيير جارٍ بالفعل"],
  too_many_webhooks: ["An organization may have no more webhooks", "لا يمكن إضافة المزيد من الخطافات"],
  webhook_disabled: ["The webhook is switched off", "الخطاف متوقف"],
  fetch_failed: ["The address did not answer as expected", "لم يستجب العنوان كما هو متوقع"],
  identity_provider_failed: [
    "The identity provider did not answer as expected",
    "لم يستجب مزوّد الهوية كما هو متوقع",
  ],
  telemetry_not_connected: ["No log server is connected", "لم يُربط أي خادم سجلات"],
  telemetry_tool_missing: ["The log server does not have that tool", "لا توجد هذه الأداة في خادم السجلات"],
  telemetry_refused: ["The log server does not accept the credentials", "لم يقبل خادم السجلات بيانات الدخول"],
  telemetry_failed: ["The log server did not answer as expected", "لم يُجب خادم السجلات كما هو متوقع"],
  telemetry_tool_failed: ["The log server could not do that search", "تعذر على خادم السجلات إجراء هذا البحث"],
  telemetry_too_large: ["That is more than we read; ask for less", "هذا أكثر مما نقرأ؛ اطلب أقل"],
  telemetry_timeout: ["The log server did not answer in time", "لم يُجب خادم السجلات في الوقت المحدد"],
  model_failed: ["The language model did not answer", "لم يُجب نموذج اللغة"],
  model_unavailable: ["The language model cannot be reached", "تعذر الوصول إلى نموذج اللغة"],
  embedder_unavailable: ["The embedding model cannot be reached", "تعذر الوصول إلى نموذج التضمين"],
  embedder_failed: ["The embedding model did not answer", "لم يُجب نموذج التضمين"],
  embedding_model_gone: [
    "The organization's embedding model is not offered any more",
    "لم يعد نموذج التضمين الذي تستخدمه المؤسسة متاحًا",
  ],
  database_unavailable: ["The database cannot be reached", "تعذر الوصول إلى قاعدة البيانات"],
  cut_off: ["It broke off before its end", "انقطع قبل نهايته"],
  malformed_json: ["That is not JSON", "هذا ليس JSON"],
  email_unverified: [
    "The identity provider has not verified this e-mail",
    "لم يتحقق مزوّد الهوية من هذا البريد الإلكتروني",
  ],
  domain_not_allowed: ["This e-mail domain may not sign in here", "لا يُسمح لنطاق هذا البريد بالدخول هنا"],
  method_not_allowed: ["This address does not do that", "هذا العنوان لا يقبل هذا الإجراء"],
  identity_conflict: ["This identity belongs to another account", "هذه الهوية تخص حسابًا آخر"],
  issuer_taken: [
    "This issuer and audience are connected already",
    "هذه الجهة المُصدرة وجمهورها مرتبطان بالفعل",
  ],
  idempotency_conflict: ["This was sent before with other content", "أُرسل هذا من قبل بمحتوى آخر"],
  external_id_taken: ["Another document has this external id", "لمستند آخر هذا المعرّف الخارجي"],
  answer_running: [
    "The conversation is being answered; wait for it or stop it",
    "تجري الإجابة في هذه المحادثة؛ انتظرها أو أوقفها",
  ],
  edit_conflict: [
    "Somebody else changed this at the same moment; look again",
    "غيّر شخص آخر هذا في اللحظة نفسها؛ انظر مجددًا",
  ],
  not_in_progress: ["There is nothing going on to be stopped", "لا يجري شيء لإيقافه"],
  model_required: [
    "That needs a language model, and none is configured",
    "يتطلب هذا نموذج لغة، ولم يُضبط أي نموذج",
  ],
  answer_unfit: [
    "The language model's answer does not have the form that was asked for",
    "إجابة نموذج اللغة ليست بالشكل المطلوب",
  ],
  answer_interrupted: ["The answer broke off on our side; ask again", "انقطعت الإجابة من جهتنا؛ اسأل مجددًا"],
  answer_goes_on: ["The answer takes longer; follow it again", "تستغرق الإجابة وقتًا أطول؛ تابعها مجددًا"],
  email_unavailable: ["E-mail cannot be sent", "تعذر إرسال البريد الإلكتروني"],
  storage_unavailable: ["File storage cannot be reached", "تعذر الوصول إلى مخزن الملفات"],
  secret_unreadable: ["A stored secret cannot be opened", "تعذر فتح سر مخزن"],
  internal: ["Something went wrong on our side", "حدث خطأ من جهتنا"],
} as const;

const t = words(entries);

const isKnown = (code: string): code is keyof typeof entries => code in entries;

/** In English the API's own detail is the better sentence for a refused input. */
export function titleOf({ code, message, detail }: Pick<Problem, "code" | "message" | "detail">): string {
  if (code === "invalid_request" && currentLanguage() === "en" && detail) return detail;
  return isKnown(code) ? t(code) : message;
}

const advice = words({
  quota_exceeded: [
    "It starts anew with the next month. An administrator sees the limits under Settings, Usage.",
    "تبدأ الحصة من جديد مع الشهر القادم. يرى المسؤول الحدود في الإعدادات، الاستخدام.",
  ],
  quota_full: [
    "Delete what nobody needs, or ask whoever runs the platform for more.",
    "احذف ما لا يحتاجه أحد، أو اطلب المزيد من مشغّل المنصة.",
  ],
  rate_limited: [
    { one: "Try again in one second.", other: "Try again in {count} seconds." },
    {
      one: "حاول مجددًا بعد ثانية واحدة.",
      two: "حاول مجددًا بعد ثانيتين.",
      few: "حاول مجددًا بعد {count} ثوانٍ.",
      many: "حاول مجددًا بعد {count} ثانية.",
      other: "حاول مجددًا بعد {count} ثانية.",
    },
  ],
});

/** What the person may do about it, where that is not plain. */
export function adviceOf({ code, retryAfter }: Pick<Problem, "code" | "retryAfter">): string | null {
  if (code === "quota_exceeded" || code === "quota_full") return advice(code);
  if (code === "rate_limited" && retryAfter !== null) return advice(code, { count: retryAfter });
  return null;
}

/** What the API says beyond the title; without a detail of its own there is only its title, which is said already. */
export function detailOf(problem: Pick<Problem, "code" | "message" | "detail">): string | null {
  return ["", titleOf(problem), problem.message].includes(problem.detail) ? null : problem.detail;
}

/** Of a failure code alone, as documents carry them. */
export const titleOfCode = (code: string): string => titleOf({ code, message: code, detail: "" });

/** Why something failed, as documents and runs keep it; in the API's English, for `useDetail`. */
export const reasonOf = ({ code, detail }: { code: string; detail: string | null }): string =>
  detail || titleOfCode(code);
