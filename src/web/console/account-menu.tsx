/** Oneself at the foot of the navigation: account, appearance, language, the way out. */
import { useLocation } from "wouter-preact";
import { Menu } from "../ui/menu.tsx";
import { useStore } from "../ui/store.ts";
import { chooseLanguage, LANGUAGES, type Language, useLanguage, words } from "../ui/words.ts";
import { session, signedOut } from "./session.ts";
import { chooseTheme, THEMES, type Theme, theme } from "./theme.ts";
import { client } from "./typed.ts";

const t = words({
  account: ["Your account", "حسابك"],
  reference: ["API reference", "مرجع الواجهة البرمجية"],
  out: ["Sign out", "تسجيل الخروج"],
  system: ["Appearance: as the device", "المظهر: حسب الجهاز"],
  light: ["Appearance: light", "المظهر: فاتح"],
  dark: ["Appearance: dark", "المظهر: داكن"],
  admin: ["Administrator", "مسؤول"],
  member: ["Member", "عضو"],
  viewer: ["Viewer", "قارئ"],
  superadmin: ["Runs the platform", "يدير المنصة"],
});

const after = <T,>(all: readonly T[], one: T): T => all[(all.indexOf(one) + 1) % all.length] ?? one;
const LANGUAGE_CODES = Object.keys(LANGUAGES) as Language[];

/** Signs out here even when the server cannot be reached. */
async function signOut(): Promise<void> {
  await client.POST("/api/v1/auth/logout").catch(() => undefined);
  signedOut();
}

export function AccountMenu() {
  const current = useStore(session);
  const shown: Theme = useStore(theme);
  const language = useLanguage();
  const [, go] = useLocation();
  if (!current) return null;
  const { user } = current;
  const other = after(LANGUAGE_CODES, language);
  return (
    <Menu
      label={t("account")}
      side="up start"
      class="account"
      items={[
        user.role !== "superadmin" && { label: t("account"), icon: "user", onChoose: () => go("/account") },
        { label: t(shown), icon: "sun", onChoose: () => chooseTheme(after(THEMES, shown)) },
        { label: LANGUAGES[other], icon: "language", onChoose: () => chooseLanguage(other) },
        { label: t("reference"), icon: "link", onChoose: () => window.location.assign("/docs") },
        { label: t("out"), icon: "leave", onChoose: () => void signOut() },
      ]}
    >
      <span class="avatar" aria-hidden="true">
        {(user.name ?? user.email).slice(0, 1).toUpperCase()}
      </span>
      <span class="who">
        <span class="clip" dir="auto">
          {user.name ?? user.email}
        </span>
        <span class="clip muted small">{t(user.role)}</span>
      </span>
    </Menu>
  );
}
