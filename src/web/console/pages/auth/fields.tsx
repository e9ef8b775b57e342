/** The fields that the ways in share. */
import { TextField } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";

const t = words({
  email: ["E-mail", "البريد الإلكتروني"],
  password: ["Password", "كلمة المرور"],
  newPassword: ["New password", "كلمة مرور جديدة"],
  hint: ["Ten characters or more", "عشرة أحرف على الأقل"],
  code: ["Six-digit code", "رمز من ستة أرقام"],
});

type Props = { value: string; onValue: (value: string) => void };

export const EmailField = (props: Props & { autoFocus?: boolean }) => (
  <TextField
    label={t("email")}
    type="email"
    name="email"
    autocomplete="username"
    required
    dir="ltr"
    {...props}
  />
);

export const PasswordField = (props: Props) => (
  <TextField
    label={t("password")}
    type="password"
    name="password"
    autocomplete="current-password"
    required
    dir="ltr"
    {...props}
  />
);

export const NewPasswordField = (props: Props) => (
  <TextField
    label={t("newPassword")}
    hint={t("hint")}
    type="password"
    name="new-password"
    autocomplete="new-password"
    minLength={10}
    maxLength={200}
    required
    dir="ltr"
    {...props}
  />
);

export const CodeField = (props: Props) => (
  <TextField
    label={t("code")}
    class="input code"
    name="code"
    inputMode="numeric"
    autocomplete="one-time-code"
    pattern="[0-9]{6}"
    maxLength={6}
    required
    dir="ltr"
    {...props}
  />
);
