/** Words that both kinds of key share. */
import { words } from "../../../ui/words.ts";

export const keyWords = words({
  name: ["Name", "الاسم"],
  state: ["State", "الحالة"],
  active: ["Active", "نشط"],
  expired: ["Expired", "منتهي"],
  revoked: ["Revoked", "ملغى"],
  used: ["Last used", "آخر استخدام"],
  never: ["never", "أبدًا"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  revoke: ["Revoke", "إلغاء"],
  revokeTitle: ["Revoke {name}?", "إلغاء {name}؟"],
  revokeText: ["It stops working with its next request, for good.", "يتوقف عن العمل مع طلبه التالي، نهائيًا."],
  create: ["Create", "إنشاء"],
  save: ["Save", "حفظ"],
  done: ["Done", "تم"],
});

export type KeyStatus = "active" | "expired" | "revoked";

export const badgeOf = (status: KeyStatus) => (status === "active" ? "badge ok" : "badge");
