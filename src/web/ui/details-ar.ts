/** What the API says of failures, in Arabic; loaded by whoever reads it. */
import { entries } from "./problem-words.ts";

/** The API's titles: a failure that is kept without more to say has its title for a detail. */
export const TITLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(entries)),
  // Where a page says it in other words
  "The request is not valid": entries.invalid_request[1],
  "The confirmation is wrong, used or no longer valid": entries.invalid_confirmation[1],
  "The body broke off before its end": entries.cut_off[1],
  "The body is not JSON": entries.malformed_json[1],
  "This session no longer holds; sign in again": entries.session_revoked[1],
  "Your role does not allow this": entries.forbidden[1],
  "This path does not answer that method": entries.method_not_allowed[1],
  "This Idempotency-Key was used for something else": entries.idempotency_conflict[1],
  "Reading was stopped on request": entries.cancelled[1],
  "The same document is there already for those who may read it": entries.duplicate_document[1],
  "The embedding model is being changed already": entries.change_running[1],
  "The document has pictures of pages but no text": entries.needs_ocr[1],
  "The document is damaged and cannot be read": entries.broken_document[1],
  "Too many requests": entries.rate_limited[1],
  "A stored secret cannot be opened with the configured keys": entries.secret_unreadable[1],
  "The log server does not accept our credentials": entries.telemetry_refused[1],
  "The log server answered with more than we read; ask for less": entries.telemetry_too_large[1],
  "The answer takes longer than it can be followed at once; follow it again": entries.answer_goes_on[1],
  "The language model is overloaded or unreachable": entries.model_unavailable[1],
  "The embedding model is overloaded or unreachable": entries.embedder_unavailable[1],
};

/**
 * The API's sentences about failures in Arabic, by the English that it writes; `{…}` is a value that is said again.
 * test/web/details.node.test.ts finds each of them in the source.
 */
export const SENTENCES: Readonly<Record<string, string>> = {
  // A file that is not taken in
  "This looks like {what}, which we cannot read.{more}": "يبدو أن هذا {what}، ولا يمكننا قراءته.{more}",
  " An archive of documents goes to POST /api/v1/documents/bulk.":
    " ترسل البرامج أرشيف المستندات إلى POST /api/v1/documents/bulk.",
  "a PNG image": "صورة PNG",
  "a JPEG image": "صورة JPEG",
  "a GIF image": "صورة GIF",
  "a WebP image": "صورة WebP",
  "a TIFF image": "صورة TIFF",
  "an SVG image": "صورة SVG",
  "an MP3 recording": "تسجيل MP3",
  "an MP4 recording": "تسجيل MP4",
  "a WAV recording": "تسجيل WAV",
  "an M4A recording": "تسجيل M4A",
  "a HEIC image": "صورة HEIC",
  "a ZIP archive": "أرشيف ZIP",
  "a gzip archive": "أرشيف gzip",
  "a RAR archive": "أرشيف RAR",
  "a 7-Zip archive": "أرشيف 7-Zip",
  "a tar archive": "أرشيف tar",
  "a Windows program": "برنامج Windows",
  "a Rich Text (RTF) document": "مستند نص منسق (RTF)",
  "a font": "خط",
  "binary data": "بيانات ثنائية",
  "an old Word document (DOC)": "مستند Word قديم (DOC)",
  "an old Excel workbook (XLS)": "مصنف Excel قديم (XLS)",
  "an old PowerPoint file (PPT)": "عرض PowerPoint قديم (PPT)",
  "an Outlook message (MSG)": "رسالة Outlook ‏(MSG)",
  "an old Office document": "مستند Office قديم",
  "The file is empty.": "الملف فارغ.",
  "file: send one file in the form.": "أرسل ملفًا واحدًا في النموذج.",
  "The line is not JSON.": "السطر ليس JSON.",
  "The line is not UTF-8.": "السطر ليس بترميز UTF-8.",
  "Files may have at most {most} MB.": "حجم الملف {most} ميغابايت على الأكثر.",
  "Send one file a request.": "أرسل ملفًا واحدًا في كل طلب.",
  "You may add external documents only.": "لا يمكنك أن تضيف إلا مستندات خارجية.",
  "You cannot put a document where you would not see it: name a group that you belong to.":
    "لا يمكنك وضع مستند حيث لن تراه: اختر مجموعة تنتمي إليها.",
  // A document that could not be read
  "The PDF holds pictures of pages; run text recognition (OCR) on it and upload the result.":
    "يحوي ملف PDF صورًا لصفحات؛ شغّل عليه التعرف على النص (OCR) ثم ارفع الناتج.",
  "The PDF's fonts hide which letters they show; run text recognition (OCR) on it and upload the result.":
    "تخفي خطوط ملف PDF الحروف التي تعرضها؛ شغّل عليه التعرف على النص (OCR) ثم ارفع الناتج.",
  "The PDF has no text on its pages.": "لا نص في صفحات ملف PDF.",
  "The PDF asks for a password; upload a copy without one.": "يطلب ملف PDF كلمة مرور؛ ارفع نسخة بدونها.",
  "The PDF is {how}; save it again from the program that made it.":
    "ملف PDF {how}؛ احفظه مجددًا من البرنامج الذي أنشأه.",
  damaged: "تالف",
  "damaged or incomplete": "تالف أو ناقص",
  "The PDF has {count} pages; split it into parts of at most {most}.":
    "عدد صفحات ملف PDF هو {count}؛ قسّمه إلى أجزاء لا يزيد كل منها على {most}.",
  "The PDF has more than the {most} million characters we read; split it into parts.":
    "في ملف PDF أكثر من {most} مليون حرف، وهو أقصى ما نقرؤه؛ قسّمه إلى أجزاء.",
  "Reading this PDF takes more than the {most} MB of memory we have for it; split it into parts.":
    "تحتاج قراءة ملف PDF هذا إلى أكثر من {most} ميغابايت من الذاكرة المتاحة؛ قسّمه إلى أجزاء.",
  "There are no words in “{name}”.": "لا كلمات في «{name}».",
  "A file of text may have {most} MB; split this one into parts.":
    "حجم ملف النص {most} ميغابايت على الأكثر؛ قسّم هذا الملف إلى أجزاء.",
  "The document asks for a password; upload a copy without one.": "يطلب المستند كلمة مرور؛ ارفع نسخة بدونها.",
  "The file asks for a password; upload a copy without one.": "يطلب الملف كلمة مرور؛ ارفع نسخة بدونها.",
  "The file asks for a password; pack it without one.": "يطلب الملف كلمة مرور؛ احزمه بدونها.",
  "This is a document in {kind}'s old format under a new name; save it in the current one.":
    "هذا مستند بصيغة {kind} القديمة وباسم جديد؛ احفظه بالصيغة الحالية.",
  "The file has no Word text in it; save it again as DOCX.": "لا يحوي الملف نص Word؛ احفظه مجددًا بصيغة DOCX.",
  "The file has no slides in it; save it again as PPTX.": "لا يحوي الملف شرائح؛ احفظه مجددًا بصيغة PPTX.",
  "The file has no sheets that can be read; save it again as XLSX.":
    "لا يحوي الملف أوراقًا يمكن قراءتها؛ احفظه مجددًا بصيغة XLSX.",
  "The book has no chapters that can be read; save it again as EPUB.":
    "لا يحوي الكتاب فصولًا يمكن قراءتها؛ احفظه مجددًا بصيغة EPUB.",
  "This book has copy protection (DRM), so its text cannot be read; upload a copy without it.":
    "هذا الكتاب محمي من النسخ (DRM) فلا يمكن قراءة نصه؛ ارفع نسخة بلا حماية.",
  "This e-mail is encrypted; save it again from a program that can open it.":
    "هذه الرسالة مشفرة؛ احفظها مجددًا من برنامج يستطيع فتحها.",
  "This e-mail cannot be read; save it again.": "لا يمكن قراءة هذه الرسالة؛ احفظها مجددًا.",
  "The file is damaged or incomplete; save it again from the program that made it.":
    "الملف تالف أو ناقص؛ احفظه مجددًا من البرنامج الذي أنشأه.",
  "The file's content is malformed; save it again from the program that made it.":
    "محتوى الملف غير سليم؛ احفظه مجددًا من البرنامج الذي أنشأه.",
  "The file unpacks to far more than a document needs; split it into parts.":
    "يتسع الملف عند فكه إلى أكثر بكثير مما يحتاجه مستند؛ قسّمه إلى أجزاء.",
  "The file unpacks to far more than a document needs; save it again, or split it into parts.":
    "يتسع الملف عند فكه إلى أكثر بكثير مما يحتاجه مستند؛ احفظه مجددًا أو قسّمه إلى أجزاء.",
  "This workbook is too large to read in one piece; split it into several files.":
    "هذا المصنف أكبر من أن يُقرأ دفعة واحدة؛ قسّمه إلى عدة ملفات.",
  "This table is too large to read in one piece; split it into several files.":
    "هذا الجدول أكبر من أن يُقرأ دفعة واحدة؛ قسّمه إلى عدة ملفات.",
  "This presentation is too large to read in one piece; split it into several files.":
    "هذا العرض أكبر من أن يُقرأ دفعة واحدة؛ قسّمه إلى عدة ملفات.",
  "This book is too large to read in one piece; split it into several files.":
    "هذا الكتاب أكبر من أن يُقرأ دفعة واحدة؛ قسّمه إلى عدة ملفات.",
  "This JSON is too large to read in one piece; split it into several files.":
    "ملف JSON هذا أكبر من أن يُقرأ دفعة واحدة؛ قسّمه إلى عدة ملفات.",
  "This is neither JSON nor a record per line (see line {line}); correct it, or upload it as .txt.":
    "هذا ليس JSON ولا سجلًا في كل سطر (انظر السطر {line})؛ صححه أو ارفعه بامتداد ‎.txt.",
  "Reading this document was given up after {count} tries.":
    "توقفنا عن قراءة هذا المستند بعد {count} محاولات.",
  "The embedding model {model} is not offered any more. An admin chooses another one; then read the document again.":
    "لم يعد نموذج التضمين {model} متاحًا. يختار المسؤول نموذجًا آخر، ثم تُعاد قراءة المستند.",
  "The document is being read already; wait until that is done.": "تجري قراءة المستند؛ انتظر حتى تنتهي.",
  "The document is being read already; wait until that is done, or cancel it.":
    "تجري قراءة المستند؛ انتظر حتى تنتهي أو ألغها.",
  "The document is not being read.": "لا تجري قراءة المستند الآن.",
  "This version is not kept.": "لم تعد هذه النسخة محفوظة.",
  "Only the document's owner or an admin may do this.": "هذا لصاحب المستند أو للمسؤول فقط.",
  "Only the document's owner or an admin may change it.": "لا يغيّر المستند إلا صاحبه أو المسؤول.",
  "Only the document's owner or an admin may replace it.": "لا يستبدل المستند إلا صاحبه أو المسؤول.",
  "Only the document's owner or an admin may delete it.": "لا يحذف المستند إلا صاحبه أو المسؤول.",
  // Pages of the web
  "The address must start with https:// or http://.": "يجب أن يبدأ العنوان بـ ⁦https://⁩ أو ⁦http://⁩.",
  "The address must start with https://.": "يجب أن يبدأ العنوان بـ ⁦https://⁩.",
  "The address must not contain a user or password.": "يجب ألا يحوي العنوان اسم مستخدم أو كلمة مرور.",
  "Port {port} is not one a web server listens on.": "المنفذ {port} ليس من منافذ خوادم الويب.",
  "There is no host {host}.": "لا يوجد خادم باسم {host}.",
  "{host} is not on the public internet.": "{host} ليس على الإنترنت العام.",
  "The name {host} could not be looked up.": "تعذر البحث عن الاسم {host}.",
  "The address redirects more than {most} times.": "يحوّل العنوان أكثر من {most} مرات.",
  "The address answers with more than {most} KB.": "يجيب العنوان بأكثر من {most} كيلوبايت.",
  "The site's robots.txt asks us not to read this page.":
    "يطلب ملف robots.txt في الموقع ألا نقرأ هذه الصفحة.",
  "The page is empty.": "الصفحة فارغة.",
  "Its document was deleted.": "حُذف مستندها.",
  "The page has the same text as {url}.": "نص الصفحة هو نص {url} نفسه.",
  "The sitemap lists no address that this source goes to.":
    "لا تذكر خريطة الموقع عنوانًا يذهب إليه هذا المصدر.",
  "This is no sitemap, or it lists no address.": "هذه ليست خريطة موقع، أو لا تذكر أي عنوان.",
  "The source is paused; resume it.": "المصدر متوقف مؤقتًا؛ استأنفه.",
  "Only the source's owner or an admin may do this.": "هذا لصاحب المصدر أو للمسؤول فقط.",
  "Only the source's owner or an admin may delete it.": "لا يحذف المصدر إلا صاحبه أو المسؤول.",
  // Accounts and people
  "Too many attempts to sign in. Try again in {wait} s, or reset your password by e-mail.":
    "محاولات كثيرة لتسجيل الدخول. حاول مجددًا بعد {wait} ثانية، أو أعد تعيين كلمة المرور بالبريد.",
  "The current password is wrong.": "كلمة المرور الحالية خاطئة.",
  "Too many wrong codes: ask for a new one.": "رموز خاطئة كثيرة: اطلب رمزًا جديدًا.",
  "This organization is suspended; ask its administrator.": "هذه المؤسسة موقوفة؛ اسأل مسؤولها.",
  "This organization is suspended.": "هذه المؤسسة موقوفة.",
  "This account is deactivated.": "هذا الحساب معطّل.",
  "Verify your e-mail, then refresh your session.": "تحقق من بريدك، ثم سجّل الدخول من جديد.",
  "This address was invited a moment ago; wait a minute before you send another letter.":
    "دُعي هذا العنوان قبل لحظات؛ انتظر دقيقة قبل إرسال رسالة أخرى.",
  "This installation cannot send e-mail: see EMAIL_FROM.":
    "لا يمكن لهذا التثبيت إرسال البريد: انظر EMAIL_FROM.",
  // Questions, answers and models
  "The answer was cut short.": "انقطعت الإجابة.",
  "The language model gave an empty answer.": "أعطى نموذج اللغة إجابة فارغة.",
  "The model provider refuses to answer this.": "يرفض مزوّد النموذج الإجابة عن هذا.",
  "That is more than the model reads at once. Ask for fewer passages, or with less history.":
    "هذا أكثر مما يقرؤه النموذج دفعة واحدة. اطلب مقاطع أقل أو بسياق أقصر.",
  "None of the language models that your organization chose is offered any more. An admin can choose others.":
    "لم يعد أي من نماذج اللغة التي اختارتها مؤسستك متاحًا. يمكن للمسؤول اختيار غيرها.",
  "A change to {model} is under way. Wait until it is done, or call it off first.":
    "يجري الانتقال إلى {model}. انتظر حتى ينتهي أو ألغه أولًا.",
  "No change of the embedding model is under way.": "لا يجري أي تغيير لنموذج التضمين.",
  // Limits
  "Your organization has used its {quota} of this month; there are more from {at}.":
    "استنفدت مؤسستك حصة هذا الشهر ({quota})؛ تتجدد في {at}.",
  "Your organization's {quota} are limited to {most}. Delete something, or ask for more.":
    "حد مؤسستك ({quota}) هو {most}. احذف شيئًا أو اطلب المزيد.",
  questions: "الأسئلة",
  tokens: "رموز النموذج",
  documents: "المستندات",
  "storage bytes": "حجم التخزين بالبايت",
  "An organization has at most {most} taught answers.": "للمؤسسة {most} إجابة مُعلَّمة على الأكثر.",
  "An organization has at most {most} golden questions.": "للمؤسسة {most} سؤال ذهبي على الأكثر.",
  "An organization has at most {most} runs; delete old ones.":
    "للمؤسسة {most} مرة تشغيل على الأكثر؛ احذف القديمة.",
  "An organization has at most {most} webhooks.": "للمؤسسة {most} خطافًا على الأكثر.",
  "Switch the webhook on first.": "شغّل الخطاف أولًا.",
  "There is no case in the body.": "لا حالة في الملف.",
  "Whoever began the run may not ask any more.": "لم يعد من بدأ التشغيل قادرًا على السؤال.",
  // Keys and identity
  "A key cannot read more than you may.": "لا يمكن لمفتاح أن يقرأ أكثر مما يحق لك.",
  "No identity provider is connected.": "لم يُربط أي مزوّد هوية.",
  "An account with this e-mail exists in another organization.": "يوجد حساب بهذا البريد في مؤسسة أخرى.",
  // Production logs
  "No log server is connected.": "لم يُربط أي خادم سجلات.",
  "The log server answers {status}: check its credentials.":
    "أجاب خادم السجلات بـ {status}: تحقق من بيانات الدخول.",
  "The log server has no tool {tool}. {has}": "لا توجد في خادم السجلات أداة باسم {tool}. {has}",
  "The log server says: {words}": "يقول خادم السجلات: {words}",
};

/** What is wrong with a field, behind its path; as src/http/explain.ts and the schemas say it. */
export const CLAUSES: Readonly<Record<string, string>> = {
  "is missing": "مفقود",
  "must not be empty": "يجب ألا يكون فارغًا",
  "must be text": "يجب أن يكون نصًا",
  "must be a number": "يجب أن يكون رقمًا",
  "must be a whole number": "يجب أن يكون عددًا صحيحًا",
  "must be true or false": "يجب أن يكون true أو false",
  "must be a list": "يجب أن يكون قائمة",
  "must be an object": "يجب أن يكون كائنًا",
  "must be an e-mail address": "يجب أن يكون عنوان بريد إلكتروني",
  "must be an id (a UUID)": "يجب أن يكون معرّفًا (UUID)",
  "must be a moment such as {example}": "يجب أن يكون وقتًا مثل {example}",
  "must be an address such as {example}": "يجب أن يكون عنوانًا مثل {example}",
  "must have at least {least} characters": "أقل طول {least} من الأحرف",
  "must have at most {most} characters": "أقصى طول {most} من الأحرف",
  "must have at least {least} entries": "أقل عدد {least} من العناصر",
  "must have at most {most} entries": "أقصى عدد {most} من العناصر",
  "must be at least {least}": "يجب ألا يقل عن {least}",
  "must be at most {most}": "يجب ألا يزيد على {most}",
  "must be six digits": "يجب أن يكون ستة أرقام",
  "must be a domain like {example}": "يجب أن يكون نطاقًا مثل {example}",
  "must read like {example}": "يجب أن يُكتب مثل {example}",
  "must begin with https:, or be on this machine": "يجب أن يبدأ بـ ⁦https:⁩ أو يكون على هذا الجهاز",
  "must be an address that starts with https:// or http://, without a user or password":
    "يجب أن يكون عنوانًا يبدأ بـ ⁦https://⁩ أو ⁦http://⁩، بلا اسم مستخدم أو كلمة مرور",
  "must begin with / or https://": "يجب أن يبدأ بـ ⁦/⁩ أو ⁦https://⁩",
  "must be in the future.": "يجب أن يكون في المستقبل",
  "must be later than from": "يجب أن يكون بعد البداية",
  "must lie before to": "يجب أن يكون قبل النهاية",
  "must be JSON": "يجب أن يكون JSON",
  "must not match nothing": "يجب ألا يطابق نصًا فارغًا",
  "is not a JSON Schema": "ليس JSON Schema",
  "must be {alternatives}": "يجب أن يكون {alternatives}",
};
