/** What a page says about its widget: attributes of the script tag or of the element, `data-` in front or not. */
import { type Language, languageFor, type Strings } from "./strings.ts";

export type Config = {
  /** Where Kalamna runs. */
  url: string;
  key: string;
  language: Language;
  theme: "auto" | "light" | "dark";
  accent: string | undefined;
  position: "start" | "end" | "left" | "right";
  /** Beside the launcher's icon. */
  label: string | undefined;
  suggestions: string[];
  open: boolean;
  /** `none`: the page has a button of its own. */
  launcher: "auto" | "none";
};

export type Read = (name: string) => string | null;

const oneOf = <T extends string>(value: string | null, allowed: readonly T[]): T =>
  allowed.find((one) => one === value) ?? (allowed[0] as T);

/** @param pageLanguage the page's `lang` */
export function readConfig(read: Read, url: string, pageLanguage: string): Config {
  const own = parsed(read("strings"));
  const texts: Partial<Strings> = own && typeof own === "object" ? own : {};
  const title = read("title");
  const placeholder = read("placeholder");
  const welcome = read("welcome");
  const lang = read("lang");
  // Only a page that speaks no language of ours is asked what the visitor prefers: its texts are what they read already.
  const language = languageFor(
    [lang ?? "", pageLanguage, ...(lang || pageLanguage ? [] : navigator.languages)],
    texts,
  );
  const strings = {
    ...language.strings,
    ...(title ? { title } : {}),
    ...(placeholder ? { placeholder } : {}),
    ...(welcome ? { welcome } : {}),
  };
  return {
    url: (read("url") ?? url).replace(/\/+$/, ""),
    key: read("key") ?? "",
    language: { ...language, strings },
    theme: oneOf(read("theme"), ["auto", "light", "dark"]),
    accent: read("accent") ?? undefined,
    position: oneOf(read("position"), ["end", "start", "left", "right"]),
    label: read("label") ?? undefined,
    suggestions: suggestions(read("suggestions")),
    open: read("open") !== null && read("open") !== "false",
    launcher: oneOf(read("launcher"), ["auto", "none"]),
  };
}

/** `One?|Two?`, or a JSON array. */
function suggestions(value: string | null): string[] {
  const list = parsed(value);
  const found = Array.isArray(list) ? list.map(String) : (value ?? "").split("|");
  return found
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .slice(0, 4);
}

function parsed(value: string | null): unknown {
  try {
    return JSON.parse(value ?? "");
  } catch {
    return undefined;
  }
}
