/** Builds the browser code of src/web into dist/web; gone in milliseconds when nothing changed since. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { InlineConfig } from "vite";
import { PAGE_POLICY } from "../http/page-policy.ts";

const ROOT = join(import.meta.dirname, "../..");
const WEB = join(ROOT, "src/web");
const OUT = join(ROOT, "dist/web");
/** As `npm run docs` wrote it; a test keeps it current. */
const API = join(ROOT, "docs/openapi.json");
const STAMP = join(ROOT, "dist/web.stamp");

/** Folders of src/web with a page of their own, by what is built together; the console's is the site's. */
const PAGES = [
  ["console", "demo", "demo/ar"],
  // Alone, so that the console need not load in pieces what the two have in common.
  ["docs"],
];
/** Single files that other sites load, by entry in src/web. */
const SCRIPTS = [
  { entry: "widget/widget.ts", file: "widget.js", format: "iife" },
  { entry: "client/kalamna.ts", file: "kalamna.js", format: "es" },
] as const;

/** Cloudflare reads it, wrangler too: https://developers.cloudflare.com/workers/static-assets/headers/ */
const HEADERS = `/*
  Content-Security-Policy: ${PAGE_POLICY}
  Strict-Transport-Security: max-age=31536000; includeSubDomains
  X-Content-Type-Options: nosniff
  X-Frame-Options: DENY
  Referrer-Policy: no-referrer
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Cross-Origin-Resource-Policy: cross-origin
/assets/*
  Cache-Control: public, max-age=31536000, immutable
/widget.js
  Access-Control-Allow-Origin: *
  Cache-Control: public, max-age=300
/kalamna.js
  Access-Control-Allow-Origin: *
  Cache-Control: public, max-age=300
/kalamna.d.ts
  Access-Control-Allow-Origin: *
/openapi.json
  Access-Control-Allow-Origin: *
`;

/** Of everything that a build depends on. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const inside = readdirSync(WEB, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = [...inside, API, join(ROOT, "package-lock.json"), import.meta.filename];
  for (const file of files.sort()) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

const quiet = (watch: boolean): InlineConfig => ({
  root: WEB,
  configFile: false,
  publicDir: false,
  logLevel: watch ? "info" : "warn",
});

function pages(folders: readonly string[], watch: boolean): InlineConfig {
  const input = folders.map((folder) => join(WEB, folder, "index.html")).filter((file) => existsSync(file));
  return {
    ...quiet(watch),
    build: {
      outDir: OUT,
      emptyOutDir: false,
      modulePreload: { polyfill: false },
      // Inlined images would need a wider policy than files do.
      assetsInlineLimit: 0,
      // The API reference's viewer is one, and nobody else loads it.
      chunkSizeWarningLimit: 2_000,
      // How long a plugin took is nobody's business who starts the stack.
      rolldownOptions: { input, checks: { bundlerTimings: false } },
      watch: watch ? {} : null,
    },
  };
}

function script({ entry, file, format }: (typeof SCRIPTS)[number], watch: boolean): InlineConfig {
  return {
    ...quiet(watch),
    build: {
      outDir: OUT,
      emptyOutDir: false,
      lib: { entry: join(WEB, entry), formats: [format], name: "Kalamna", fileName: () => file },
      watch: watch ? {} : null,
    },
  };
}

async function build(watch: boolean): Promise<void> {
  const vite = await import("vite");
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const scripts = SCRIPTS.filter(({ entry }) => existsSync(join(WEB, entry)));
  const all = [...PAGES.map((one) => pages(one, watch)), ...scripts.map((one) => script(one, watch))];
  for (const config of all) await vite.build(config);
  // Vite leaves a page where its HTML lay.
  for (const [folder, page] of [
    ["console", "index.html"],
    ["docs", "docs.html"],
  ] as const) {
    renameSync(join(OUT, folder, "index.html"), join(OUT, page));
    rmdirSync(join(OUT, folder));
  }
  // Types of kalamna.js, for whoever imports it.
  cpSync(join(WEB, "client/types.ts"), join(OUT, "kalamna.d.ts"));
  if (existsSync(join(WEB, "public"))) cpSync(join(WEB, "public"), OUT, { recursive: true });
  writeFileSync(join(OUT, "openapi.json"), JSON.stringify(JSON.parse(readFileSync(API, "utf8"))));
  writeFileSync(join(OUT, "_headers"), HEADERS);
}

const watch = process.argv.includes("--watch");
const wanted = fingerprint();
const built = existsSync(STAMP) && existsSync(OUT) ? readFileSync(STAMP, "utf8") : "";
if (watch || built !== wanted) {
  await build(watch);
  writeFileSync(STAMP, wanted);
}
