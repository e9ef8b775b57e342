/** `npm run bench [name …]`: every measurement, each a ratio within its own run. */
import { readdirSync } from "node:fs";
import { cpus } from "node:os";

type Bench = { bench(): Promise<{ title: string; lines: string[] }> };

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .map((file) => file.replace(/\.ts$/, ""))
  .filter((name) => process.argv.length < 3 || process.argv.slice(2).includes(name));

if (names.length === 0) {
  console.error(`No such measurement: ${process.argv.slice(2).join(", ")}`);
  process.exit(1);
}
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`);
for (const name of names) {
  const { bench } = (await import(`./${name}.ts`)) as Bench;
  const { title, lines } = await bench();
  console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
// Servers that a measurement started may keep the process alive; everything is printed.
process.exit(0);
