import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { Variables } from "../../src/env.ts";

const root = resolve(import.meta.dirname, "../..");
const readme = readFileSync(resolve(root, "README.md"), "utf8");

/** The configuration table as src/env.ts would write it. */
function configurationTable(): string {
  const rows = Object.entries(Variables.shape).map(([name, schema]) => {
    const fallback = schema.safeParse(undefined);
    const shown = !fallback.success
      ? "required"
      : fallback.data === undefined
        ? ""
        : `\`${String(fallback.data)}\``;
    return `| \`${name}\` | ${shown} | ${schema.description} |`;
  });
  return ["| variable | default | meaning |", "|---|---|---|", ...rows].join("\n");
}

test("the README's configuration table says what src/env.ts does", () => {
  expect(readme).toContain(configurationTable());
});

test("every file and folder the README points to exists", () => {
  const targets = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = ""]) => target);
  expect(targets.length).toBeGreaterThan(20);
  expect(targets.filter((target) => !existsSync(resolve(root, target)))).toEqual([]);
});

test("every npm script the README names exists", () => {
  const { scripts } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(start|test|[a-z]+)\b/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => !["and", "run"].includes(name) && !scripts[name])).toEqual([]);
});

test.each(readdirSync(resolve(root, "docs")).filter((file) => file.endsWith(".md")))(
  "every file that docs/%s points to exists",
  (page) => {
    const text = readFileSync(resolve(root, "docs", page), "utf8");
    const targets = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = ""]) => target);
    if (page === "security.md") expect(targets.length).toBeGreaterThan(40);
    expect(targets.filter((target) => !existsSync(resolve(root, "docs", target)))).toEqual([]);
  },
);
