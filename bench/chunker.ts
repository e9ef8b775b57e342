/** Cutting text: our chunker beside LangChain's RecursiveCharacterTextSplitter (1000/200), on the same text in one run. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import { chunk } from "../src/domain/ingestion/chunk.ts";
import { detect } from "../src/domain/ingestion/extract/detect.ts";
import { extract } from "../src/domain/ingestion/extract/extract.ts";

const SIZE = 4_000_000;
const ROUNDS = 5;
const DOCUMENTS = join(import.meta.dirname, "..", "demo", "documents");

type Cut = () => Promise<string[]>;

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const demo = await demoText();
  const inputs: [string, string][] = [
    ["Markdown", fill(demo)],
    ["book", book(demo)],
    ["Chinese", chinese()],
  ];
  const lines: string[] = [];
  for (const [name, text] of inputs) {
    const cuts: Cut[] = [
      async () => chunk({ text, title: null, pages: [] }).map((piece) => piece.text),
      () => new RecursiveCharacterTextSplitter({ chunkSize: 1000, chunkOverlap: 200 }).splitText(text),
    ];
    // This also warms up both.
    const shares = await Promise.all(cuts.map(async (cut) => quality(text, await cut())));
    const rounds: number[][] = [];
    // By turns, so that whatever else the machine does hits both.
    for (let round = 0; round < ROUNDS; round++) {
      const speeds: number[] = [];
      for (const cut of cuts) speeds.push(await speed(text, cut));
      rounds.push(speeds);
    }
    const [ours, theirs] = [0, 1].map((which) =>
      median(rounds.map((speeds) => speeds[which] ?? 0)).toFixed(0),
    );
    const ratio = median(rounds.map(([one = 0, other = 1]) => one / other)).toFixed(1);
    lines.push(
      `${name.padEnd(9)} ${ours} MB/s, LangChain ${theirs} MB/s, ratio ${ratio}; ` +
        `${shares[0]}, LangChain ${shares[1]}`,
    );
  }
  return { title: `chunker: ${SIZE / 1e6} M characters, median of ${ROUNDS} rounds`, lines };
}

/** Megabytes of UTF-8 a second. */
async function speed(text: string, cut: Cut): Promise<number> {
  const bytes = Buffer.byteLength(text);
  const before = performance.now();
  await cut();
  return bytes / 1e3 / (performance.now() - before);
}

/** Shares of pieces that end at a sentence, clause or line, and that end with a heading parted from what it heads. */
function quality(text: string, pieces: string[]): string {
  let whole = 0;
  let orphaned = 0;
  let from = 0;
  for (const piece of pieces) {
    // A repeated table header is not in the text at this place: the last line is.
    const last = piece.slice(piece.lastIndexOf("\n") + 1);
    const tail = piece.slice(-120);
    const found = text.indexOf(tail, from);
    const end = found < 0 ? text.indexOf(last, from) + last.length : found + tail.length;
    if (end >= text.length || /^ *\n/.test(text.slice(end, end + 8)) || /[.!?:;,。！？，][)"”]?$/.test(last))
      whole++;
    if (/^#{1,6} /.test(last) && end < text.length) orphaned++;
    from = Math.max(from, end - 400);
  }
  const share = (count: number) => (count / Math.max(1, pieces.length)).toFixed(3);
  return `ends whole ${share(whole)}, heading left behind ${share(orphaned)}`;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function demoText(): Promise<string> {
  const texts: string[] = [];
  for (const name of readdirSync(DOCUMENTS).sort()) {
    const bytes = new Uint8Array(readFileSync(join(DOCUMENTS, name)));
    const format = detect(bytes.subarray(0, 65_536), name);
    if (typeof format === "string") texts.push((await extract(format, bytes, name)).text);
  }
  return texts.join("\n\n");
}

function fill(text: string): string {
  return `${text}\n\n`.repeat(Math.ceil(SIZE / text.length)).slice(0, SIZE);
}

/** Sentences of the demo documents, shuffled into chapters of long paragraphs; the same every time. */
function book(demo: string): string {
  const sentences = demo
    .replace(/^[#|-].*$/gm, "")
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => /^[A-Z][^|]{40,}[.!?]$/.test(sentence))
    .map((sentence) => sentence.replace(/\s+/g, " "));
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % below;
  };
  const parts: string[] = [];
  let size = 0;
  for (let i = 0; size < SIZE; i++) {
    const picked = Array.from({ length: 3 + random(20) }, () => sentences[random(sentences.length)] ?? "");
    parts.push(...(i % 40 === 0 ? [`# Chapter ${i / 40 + 1}`] : []), picked.join(" "));
    size += picked.join(" ").length + 2;
  }
  return parts.join("\n\n");
}

function chinese(): string {
  const sentences =
    "公司为所有员工提供每年十五天的带薪年假。员工须至少提前两周提交休假申请，主管应在五个工作日内作出答复。出差费用按照现行规定报销！";
  return fill(`## 休假与差旅\n\n${sentences.repeat(40)}\n\n${sentences.repeat(3)}`);
}
