/** The API's details in the reader's language: the sentences we know, and otherwise the English that it says. */
import { useEffect } from "preact/hooks";
import { isolated } from "./isolated.ts";
import { store, useStore } from "./store.ts";
import { dateTime, useLanguage } from "./words.ts";

type Known = Readonly<Record<string, string>>;
type Sentence = { says: RegExp; text: string };

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const FIELD = /^([\w.[\]-]+): (.+)$/;

const sentencesOf = (known: Known): Sentence[] =>
  Object.entries(known).map(([english, text]) => {
    const pattern = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.*?)");
    return { says: new RegExp(`^${pattern}$`, "s"), text };
  });

/** @returns what says the same as an English detail, or null when none of the sentences does */
export function translator(sentences: Known, clauses: Known): (detail: string) => string | null {
  const whole = sentencesOf(sentences);
  const parts = sentencesOf(clauses);
  const find = (among: Sentence[], detail: string): string | null => {
    for (const { says, text } of among) {
      const match = says.exec(detail);
      if (match) return text.replace(/\{(\w+)\}/g, (_, name: string) => value(match.groups?.[name] ?? ""));
    }
    return null;
  };
  const value = (said: string): string => {
    if (said === "") return "";
    const same = find(whole, said);
    return same ?? isolated(MOMENT.test(said) ? dateTime(said) : said);
  };
  return (detail) => {
    const [, path, clause] = FIELD.exec(detail) ?? [];
    const same = find(whole, detail);
    if (same !== null || path === undefined || clause === undefined) return same;
    const wrong = find(parts, clause);
    return wrong && `${isolated(path)}: ${wrong}`;
  };
}

const arabic = store<((detail: string) => string | null) | null>(null);

/** Only who reads Arabic loads the sentences. */
async function load(): Promise<void> {
  const { CLAUSES, SENTENCES, TITLES } = await import("./details-ar.ts");
  arabic.set(translator({ ...TITLES, ...SENTENCES }, CLAUSES));
}

/** A function that says a detail in the page's language; drawn again once its sentences are there. */
export function useDetail(): (detail: string) => string {
  const language = useLanguage();
  const translate = useStore(arabic);
  useEffect(() => {
    // Without them the English stands there, which is what the API says.
    if (language === "ar" && !translate) void load().catch(() => undefined);
  }, [language, translate]);
  return (detail) => (language === "ar" && translate?.(detail)) || detail;
}
