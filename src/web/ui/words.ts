/** Words of our pages in every language they speak, side by side, and numbers and dates as each of them writes those. */
import { store, useStore } from "./store.ts";

export const LANGUAGES = { en: "English", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

/** A text with `{name}`s to fill in, or one for each plural form of `{count}`. */
type Message = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });
/** English, Arabic. */
type Entry = readonly [en: Message, ar: Message];
type Values = Record<string, string | number>;

const ORDER = Object.keys(LANGUAGES) as Language[];
const STORED = "kalamna.language";

function firstLanguage(): Language {
  const wanted = [read(), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  return (wanted.find((one) => one !== null && one in LANGUAGES) as Language | undefined) ?? "en";
}

function read(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

const language = store<Language>(firstLanguage());

export const currentLanguage = (): Language => language.get();

/** Western digits in Arabic too: they stand beside identifiers and code. */
const locale = () => (language.get() === "ar" ? "ar-u-nu-latn" : "en");

/** The page's `lang` and `dir` follow. */
export function applyLanguage(): void {
  document.documentElement.lang = language.get();
  document.documentElement.dir = language.get() === "ar" ? "rtl" : "ltr";
}

export function chooseLanguage(chosen: Language): void {
  try {
    localStorage.setItem(STORED, chosen);
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
  language.set(chosen);
  applyLanguage();
}

/** Draws the caller again when the language changes. */
export const useLanguage = (): Language => useStore(language);

/**
 * A translator over one page's words; every entry has every language, or it does not compile.
 * @example const t = words({ found: [{ one: "{count} hit", other: "{count} hits" }, { … }] }); t("found", { count: 3 })
 */
export function words<K extends string>(entries: Record<K, Entry>) {
  return (key: K, values: Values = {}): string => {
    // The API may have a state by now that this page has no word for.
    const entry: Entry = entries[key] ?? [key, key];
    const message = entry[ORDER.indexOf(language.get())] ?? entry[0];
    const text =
      typeof message === "string"
        ? message
        : (message[new Intl.PluralRules(locale()).select(Number(values.count ?? 0))] ?? message.other);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return typeof value === "number" ? number(value) : (value ?? whole);
    });
  };
}

export const number = (value: number, options: Intl.NumberFormatOptions = {}): string =>
  new Intl.NumberFormat(locale(), options).format(value);

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function bytes(value: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), UNITS.length - 1);
  const unit = UNITS[step] ?? "byte";
  return number(value / 1000 ** step, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: step < 2 ? 0 : 1,
  });
}

/** @param iso moment as the API writes it */
export const dateTime = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

export const date = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(new Date(iso));

/** A day and a time of it, as short as can be. */
export const hour = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), {
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  }).format(new Date(iso));

const STEPS = [
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
] as const;

/** `5 minutes ago`; a date once a week has passed. */
export function ago(iso: string): string {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
  const size = Math.abs(seconds);
  if (size > 7 * 86_400) return date(iso);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  const [unit, length] = [...STEPS].reverse().find(([, length]) => size >= length) ?? ["second", 1];
  return format.format(Math.round(seconds / length), unit);
}

export const list = (items: string[]): string => new Intl.ListFormat(locale()).format(items);
