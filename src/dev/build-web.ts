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
  watch,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import type { InlineConfig } from "vite";
import { PAGE_POLICY } from "../http/page-policy.ts";

const ROOT = join(import.meta.dirname, "../..");
const WEB = join(ROOT, "src/web");
const OUT = join(ROOT, "dist/web");
/** Each process builds in a folder of its own. */
const DRAFT = join(ROOT, `dist/web.${process.pid}`);
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

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Of everything that a build depends on. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const files = [...filesIn(WEB), API, join(ROOT, "package-lock.json"), import.meta.filename];
  for (const file of files.sort()) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

const COMMON: InlineConfig = { root: WEB, configFile: false, publicDir: false, logLevel: "warn" };

function pages(folders: readonly string[]): InlineConfig {
  const input = folders.map((folder) => join(WEB, folder, "index.html")).filter((file) => existsSync(file));
  return {
    ...COMMON,
    build: {
      outDir: DRAFT,
      emptyOutDir: false,
      modulePreload: { polyfill: false },
      // Inlined images would need a wider policy than files do.
      assetsInlineLimit: 0,
      // The API reference's viewer is one, and nobody else loads it.
      chunkSizeWarningLimit: 2_000,
      // How long a plugin took is nobody's business who starts the stack.
      rolldownOptions: { input, checks: { bundlerTimings: false } },
    },
  };
}

function script({ entry, file, format }: (typeof SCRIPTS)[number]): InlineConfig {
  return {
    ...COMMON,
    build: {
      outDir: DRAFT,
      emptyOutDir: false,
      lib: { entry: join(WEB, entry), formats: [format], name: "Kalamna", fileName: () => file },
    },
  };
}

async function build(): Promise<void> {
  const vite = await import("vite");
  const wanted = fingerprint();
  rmSync(DRAFT, { recursive: true, force: true });
  mkdirSync(DRAFT, { recursive: true });
  try {
    const scripts = SCRIPTS.filter(({ entry }) => existsSync(join(WEB, entry)));
    for (const config of [...PAGES.map(pages), ...scripts.map(script)]) await vite.build(config);
    // Vite leaves a page where its HTML lay.
    for (const [folder, page] of [
      ["console", "index.html"],
      ["docs", "docs.html"],
    ] as const) {
      renameSync(join(DRAFT, folder, "index.html"), join(DRAFT, page));
      rmdirSync(join(DRAFT, folder));
    }
    // Types of kalamna.js, for whoever imports it.
    cpSync(join(WEB, "client/types.ts"), join(DRAFT, "kalamna.d.ts"));
    if (existsSync(join(WEB, "public"))) cpSync(join(WEB, "public"), DRAFT, { recursive: true });
    writeFileSync(join(DRAFT, "openapi.json"), JSON.stringify(JSON.parse(readFileSync(API, "utf8"))));
    writeFileSync(join(DRAFT, "_headers"), HEADERS);
    publish();
    writeFileSync(STAMP, wanted);
  } finally {
    rmSync(DRAFT, { recursive: true, force: true });
  }
}

/** A stack that runs serves OUT meanwhile: what a page asks for is there before the page, and what is old goes last. */
function publish(): void {
  const made = filesIn(DRAFT).map((file) => relative(DRAFT, file));
  const isPage = (file: string) => file.endsWith(".html");
  for (const file of [...made.filter((one) => !isPage(one)), ...made.filter(isPage)]) {
    mkdirSync(dirname(join(OUT, file)), { recursive: true });
    renameSync(join(DRAFT, file), join(OUT, file));
  }
  const current = new Set(made.map((file) => join(OUT, file)));
  for (const file of filesIn(OUT)) if (!current.has(file)) rmSync(file);
}

/** After the last of several changes that come together, in milliseconds. */
const CALM_MS = 200;

/** Builds whenever something in src/web changes, one build after the other; until the process is ended. */
function rebuildOnChange(): void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const rebuild = () =>
    build().then(
      () => console.log(`dist/web is built (${new Date().toLocaleTimeString()}).`),
      // Vite has said what is wrong, and the next change may mend it.
      (thrown: unknown) => console.error(`Not built: ${thrown instanceof Error ? thrown.message : thrown}`),
    );
  watch(WEB, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(rebuild);
    }, CALM_MS);
  });
}

const built = existsSync(STAMP) && existsSync(OUT) ? readFileSync(STAMP, "utf8") : "";
if (built !== fingerprint()) await build();
if (process.argv.includes("--watch")) rebuildOnChange();
