/** What our pages say, read from the tables in their own sources; a test names a text by its English. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";

const WEB = join(import.meta.dirname, "../../../src/web");
const LANGUAGES = ["en", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text, or one for each plural form. */
type Message = string | Record<string, string>;
type Entry = readonly [en: Message, ar: Message];
type Values = Record<string, string | number>;

export type Words = {
  /**
   * All that an element says, whatever stands for the `{name}`s that have no value.
   * @param english as the page's source has it; of several plural forms any one
   * @throws Error for a text that no page has
   */
  say(english: string, values?: Values): RegExp;
  /** A part of what is said. @throws Error for a text that no page has */
  says(english: string, values?: Values): RegExp;
};

/** An ESTree node, of which we read a few kinds. */
type Node = any;

let known: Entry[] | undefined;

function entries(): Entry[] {
  known ??= ["console", "ui"].flatMap((folder) =>
    readdirSync(join(WEB, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => entriesIn(join(WEB, folder, file))),
  );
  return known;
}

/** The arguments of `words(…)`. */
function entriesIn(file: string): Entry[] {
  const source = readFileSync(file, "utf8");
  if (!source.includes("words.ts")) return [];
  const { program } = parseSync(file, source) as { program: Node };
  const constants = new Map<string, Node>();
  const found: Entry[] = [];
  const walk = (node: Node): void => {
    if (node === null || typeof node !== "object") return;
    if (node.type === "VariableDeclarator") constants.set(node.id.name, node.init);
    if (node.type === "CallExpression" && node.callee.name === "words")
      found.push(...(Object.values(plain(node.arguments[0], constants)) as Entry[]));
    for (const child of Object.values(node)) walk(child);
  };
  walk(program.body);
  return found;
}

/** What a literal says. @throws Error for anything that has to be run */
function plain(node: Node, constants: Map<string, Node>): Node {
  switch (node?.type) {
    case "Literal":
      return node.value;
    case "ArrayExpression":
      return node.elements.map((one: Node) => plain(one, constants));
    case "ObjectExpression":
      return Object.fromEntries(
        node.properties.map(({ key, value }: Node) => [key.name ?? key.value, plain(value, constants)]),
      );
    case "TSAsExpression":
      return plain(node.expression, constants);
    case "Identifier":
      return plain(constants.get(node.name), constants);
    default:
      throw new Error(`words() is given ${node?.type}, which is no plain text`);
  }
}

const formsOf = (message: Message): string[] =>
  typeof message === "string" ? [message] : Object.values(message);

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

export function wordsIn(language: Language): Words {
  const locale = language === "ar" ? "ar-u-nu-latn" : "en";

  function pattern(english: string, values: Values): string {
    const said = entries().filter(([en]) => formsOf(en).includes(english));
    if (said.length === 0) throw new Error(`No page says "${english}"`);
    const forms = said.flatMap((entry) => {
      const message = entry[LANGUAGES.indexOf(language)] ?? entry[0];
      if (typeof message === "string" || values.count === undefined) return formsOf(message);
      const form = new Intl.PluralRules(locale).select(Number(values.count));
      return [message[form] ?? message.other ?? ""];
    });
    const filled = forms.map((form) =>
      form
        .split(/\{(\w+)\}/)
        .map((part, at) => (at % 2 === 0 ? escaped(part) : shown(values[part])))
        .join(""),
    );
    return `(?:${[...new Set(filled)].join("|")})`;
  }

  function shown(value: string | number | undefined): string {
    if (value === undefined) return ".+";
    return escaped(typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value);
  }

  return {
    say: (english, values = {}) => new RegExp(`^\\s*${pattern(english, values)}\\s*$`, "u"),
    says: (english, values = {}) => new RegExp(pattern(english, values), "u"),
  };
}
