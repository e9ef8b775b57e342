import { expect, test } from "vitest";
import * as z from "zod";
import { ERRORS } from "../../src/errors.ts";
import { explain } from "../../src/http/explain.ts";
import { translator } from "../../src/web/ui/detail.ts";
import { CLAUSES, SENTENCES, TITLES } from "../../src/web/ui/details-ar.ts";
import { entries } from "../../src/web/ui/problem-words.ts";

const SOURCE = import.meta.glob<string>(["../../src/**/*.ts", "!../../src/{web,dev}/**"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const QUOTAS = import.meta.glob<string>("../../migrations/0008_limits.sql", {
  query: "?raw",
  import: "default",
  eager: true,
});
const inArabic = translator({ ...TITLES, ...SENTENCES }, CLAUSES);
const plain = (text: string | null) => text?.replace(/[\u2066-\u2069]/g, "") ?? null;

/** Every text in the API's source, with `{}` for each value in it. */
function texts(): string[] {
  const quoted = /"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
  const found = Object.values(SOURCE).flatMap((source) => [...source.matchAll(quoted)]);
  return found.map(([, plainly, built]) => (plainly ?? built ?? "").replace(/\$\{[^{}]*\}/g, "{}"));
}

test("every failure has a name in Arabic", () => {
  expect(Object.keys(ERRORS).filter((code) => !(code in entries))).toEqual([]);
});

test("a failure that is kept with its title for a detail is said in Arabic", () => {
  const titles = Object.values(ERRORS).map(({ title }) => title);
  expect(titles.filter((title) => inArabic(title) === null)).toEqual([]);
});

test("every sentence that has an Arabic one is still one of the API's", () => {
  const said = [...new Set(texts())];
  // The last value may be a choice between texts, which is not read here.
  const has = (wanted: string) =>
    said.some((one) => one === wanted || one.startsWith(wanted.replace(/\{\}$/, "${")));
  const quotas = Object.values(QUOTAS).flatMap((sql) =>
    [...sql.matchAll(/'(\w+)'/g)].map(([, name]) => name?.replaceAll("_", " ")),
  );
  const gone = Object.keys(SENTENCES).filter(
    (english) => !has(english.replace(/\{\w+\}/g, "{}")) && !quotas.includes(english),
  );
  expect(gone).toEqual([]);
});

test("every Arabic sentence says each value of the English one", () => {
  const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
  const lost = Object.entries({ ...SENTENCES, ...CLAUSES }).filter(
    ([english, arabic]) => values(english).join() !== values(arabic).join(),
  );
  expect(lost).toEqual([]);
});

test.each([
  ["This looks like a JPEG image, which we cannot read.", "يبدو أن هذا صورة JPEG، ولا يمكننا قراءته."],
  [
    "The PDF has 9000 pages; split it into parts of at most 5000.",
    "عدد صفحات ملف PDF هو 9000؛ قسّمه إلى أجزاء لا يزيد كل منها على 5000.",
  ],
  ["query: must not be empty", "query: يجب ألا يكون فارغًا"],
  [
    "Your organization's documents are limited to 5. Delete something, or ask for more.",
    "حد مؤسستك (المستندات) هو 5. احذف شيئًا أو اطلب المزيد.",
  ],
  ["There are no words in “constructor”.", "لا كلمات في «constructor»."],
  ["Something that was never translated.", null],
  ["query: something that was never translated", null],
])("“%s” in Arabic", (english, arabic) => {
  expect(plain(inArabic(english))).toBe(arabic);
});

test("what a schema says of a field is said in Arabic", () => {
  z.config({ customError: explain });
  const shape = z.object({
    text: z.string(),
    size: z.number().max(5),
    name: z.string().min(3),
    tags: z.array(z.string()).max(1),
    mail: z.email(),
    role: z.enum(["admin", "member"]),
    many: z.string().min(1),
  });
  const wrong = { size: 6, name: "a", tags: ["a", "b"], mail: "x", role: "x", many: "" };
  const issues = shape.safeParse(wrong).error?.issues ?? [];
  const said = issues.map(({ path, message }) => plain(inArabic(`${path.join(".")}: ${message}`)));
  expect(said).toEqual([
    "text: مفقود",
    "size: يجب ألا يزيد على 5",
    "name: أقل طول 3 من الأحرف",
    "tags: أقصى عدد 1 من العناصر",
    "mail: يجب أن يكون عنوان بريد إلكتروني",
    'role: يجب أن يكون "admin" or "member"',
    "many: يجب ألا يكون فارغًا",
  ]);
});
