import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const shipped = (file: string) => readFileSync(join(ROOT, "dist/web", file), "utf8");

test("a build leaves no moment without pages, and nothing of the build before", async () => {
  const web = join(ROOT, "dist/web");
  const stale = join(web, "assets/stale-of-the-build-before.js");
  writeFileSync(stale, "");
  rmSync(join(ROOT, "dist/web.stamp"));
  const { NODE_ENV: _, ...env } = process.env;
  const build = spawn(process.execPath, [join(ROOT, "src/dev/build-web.ts")], { env });
  const ended = once(build, "close");
  let looks = 0;
  let missing = 0;
  while (build.exitCode === null) {
    looks += 1;
    if (!existsSync(join(web, "index.html")) || !existsSync(join(web, "widget.js"))) missing += 1;
    await setImmediate();
  }
  await ended;
  expect({ code: build.exitCode, missing }).toEqual({ code: 0, missing: 0 });
  expect(looks).toBeGreaterThan(10);
  expect(existsSync(stale)).toBe(false);
  const loaded = [...shipped("index.html").matchAll(/(?:src|href)="\/?(assets\/[^"]+)"/g)].map(
    ([, file]) => file,
  );
  expect(loaded.length).toBeGreaterThan(0);
  for (const file of loaded) expect(existsSync(join(web, file!)), file).toBe(true);
  expect(readdirSync(join(ROOT, "dist")).filter((name) => /^web\.\d+$/.test(name))).toEqual([]);
});

test("the widget weighs 25 KB at most, the module 4", () => {
  expect(gzipSync(shipped("widget.js"), { level: 9 }).byteLength).toBeLessThanOrEqual(25 * 1024);
  expect(gzipSync(shipped("kalamna.js"), { level: 9 }).byteLength).toBeLessThanOrEqual(4 * 1024);
});

test("the widget names no other server, sets no cookie and makes nothing from text", () => {
  const code = shipped("widget.js");
  const servers = [...code.matchAll(/https?:\/\/([a-z][\w.-]+)/g)].map(([, host]) => host);
  // Names of markup languages, which nobody calls.
  expect(servers.filter((host) => host !== "www.w3.org")).toEqual([]);
  expect(code).not.toMatch(/document\.cookie|eval\(|new Function|insertAdjacentHTML|document\.write/);
});

test("the module's types hold for whoever imports it", () => {
  const folder = mkdtempSync(join(tmpdir(), "kalamna-types-"));
  try {
    writeFileSync(join(folder, "kalamna.d.ts"), shipped("kalamna.d.ts"));
    writeFileSync(
      join(folder, "use.ts"),
      `import { createKalamna } from "./kalamna.js";
       const kalamna = createKalamna({ key: "kal_pub_x" });
       export async function use(): Promise<string | undefined> {
         const session = kalamna.session();
         for await (const event of session.ask("?")) {
           if (event.type === "citation") return event.citation.quote;
           // @ts-expect-error a token has no citation
           if (event.type === "token") return event.citation;
         }
         return session.id;
       }
       // @ts-expect-error neither a key nor a token
       createKalamna({ url: "https://a.example" });`,
    );
    const flags = [
      "--ignoreConfig",
      "--noEmit",
      "--strict",
      "--module",
      "esnext",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom",
    ];
    const { stdout, status } = spawnSync(process.execPath, [
      join(ROOT, "node_modules/typescript/bin/tsc"),
      ...flags,
      "--moduleResolution",
      "bundler",
      join(folder, "use.ts"),
    ]);
    expect(stdout.toString()).toBe("");
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
