/** Before `npm start` and `npm test`: installs what is missing, and is gone in milliseconds when nothing is. */
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Plain JavaScript: this runs on the system's Node, before the project's own is there.
const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const LOG = join(ROOT, ".data/logs/install.log");
const OLDEST_NODE = 20;

/** Comes with the npm package `node`, from an install script that a strict npm may have skipped. */
const PROJECT_NODE = join(ROOT, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

function packagesOf(file) {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8")).packages;
}

/** npm writes the inner lock file last, so an interrupted installation has none. */
function isInstalled() {
  if (!existsSync(PROJECT_NODE)) return false;
  try {
    const wanted = packagesOf("package-lock.json");
    const present = packagesOf("node_modules/.package-lock.json");
    return Object.entries(wanted).every(
      ([path, { version, optional, peer, link }]) =>
        path === "" || link || present[path]?.version === version || (!present[path] && (optional || peer)),
    );
  } catch {
    return false;
  }
}

/** The project's own Node is deleted while npm installs, so npm must run on the system's. */
function systemPath() {
  const inside = join("node_modules", ".bin");
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(inside))
    .join(delimiter);
}

/** What npm said went wrong, without its codes and log file names. */
function reasonIn(output) {
  const errors = output.match(/^npm (?:error|ERR!) .*$/gm) ?? [];
  const texts = errors.map((line) => line.replace(/^npm (?:error|ERR!) ?/, "").trim());
  return texts.find((text) => text && !/^(code|errno|syscall|path|type|A complete log)\b/.test(text));
}

function npmCi() {
  mkdirSync(dirname(LOG), { recursive: true });
  const log = createWriteStream(LOG);
  return new Promise((resolve) => {
    let output = "";
    const npm = spawn("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: ROOT,
      env: { ...process.env, PATH: systemPath() },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const keep = (data) => {
      output += data;
      log.write(data);
    };
    npm.stdout.on("data", keep);
    npm.stderr.on("data", keep);
    npm.on("error", (error) => resolve(error.message));
    npm.on("close", (code) => {
      log.end();
      resolve(code === 0 ? undefined : (reasonIn(output) ?? `npm ci ended with code ${code}`));
    });
  });
}

function fail(sentence) {
  console.error(`\n  ${sentence}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE)
  fail(`Kalamna needs Node ${OLDEST_NODE} or newer; this is ${process.version}.`);
if (!isInstalled()) {
  const from = Date.now();
  process.stdout.write(
    existsSync(join(ROOT, "node_modules"))
      ? "  Updating packages …"
      : "  Installing packages (only this once) …",
  );
  const problem = await npmCi();
  if (problem) fail(`The packages could not be installed: ${problem}. All that npm said is in ${LOG}.`);
  if (!existsSync(PROJECT_NODE))
    fail(
      "npm did not run the install script of the package `node`; allow it (npm config ignore-scripts) and try again.",
    );
  console.log(` done in ${Math.round((Date.now() - from) / 1000)} s`);
}
