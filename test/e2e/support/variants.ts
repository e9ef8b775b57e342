/** The four ways in which people meet our pages: on a desk or a phone, in English or Arabic, by day or night. */
import { test } from "vitest";
import { DESKTOP, PHONE, type WatchOptions } from "./browser.ts";
import { type Language, type Words, wordsIn } from "./words.ts";

export type Variant = Words & {
  title: string;
  /** Ends the names of screenshots. */
  name: string;
  language: Language;
  phone: boolean;
  options: WatchOptions;
};

const LOCALES = { en: "en-US", ar: "ar" } as const;

function variant(phone: boolean, language: Language, colorScheme: "light" | "dark"): Variant {
  const name = `${phone ? "phone" : "desk"}-${language}`;
  return {
    title: `${phone ? "on a phone" : "on a desk"}, in ${language === "ar" ? "Arabic" : "English"}`,
    name,
    language,
    phone,
    options: {
      variant: name,
      locale: LOCALES[language],
      colorScheme,
      ...(phone ? { viewport: PHONE, hasTouch: true, isMobile: true } : { viewport: DESKTOP }),
    },
    ...wordsIn(language),
  };
}

export const VARIANTS: readonly Variant[] = [
  variant(false, "en", "light"),
  variant(true, "en", "dark"),
  variant(false, "ar", "dark"),
  variant(true, "ar", "light"),
];

/** A test of one flow that four people go through side by side. */
export function everywhere(title: string, flow: (variant: Variant) => Promise<void>): void {
  test(title, async () => {
    const failures: Error[] = [];
    const go = (one: Variant) =>
      flow(one).catch((thrown: Error & { actual?: unknown }) => {
        // The list that should be empty, which the runner shows for one failure alone.
        const found = Array.isArray(thrown.actual) ? `\n${thrown.actual.join("\n")}` : "";
        thrown.message = `${one.title}: ${thrown.message}${found}`;
        failures.push(thrown);
      });
    await Promise.all(VARIANTS.map(go));
    const [first, ...others] = failures;
    if (!first) return;
    first.message = [first, ...others].map(({ message }) => message).join("\n\n");
    throw first;
  });
}
