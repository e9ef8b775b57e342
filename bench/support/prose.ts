/** Text for measurements: pseudo-words with the frequencies of a language (Zipf), the same in every run. */
import type { Random } from "./vectors.ts";

const SYLLABLES = ["ka", "lo", "mi", "ren", "tu", "sa", "vor", "bel", "ni", "dra", "pos", "che"];
const WORDS = 6_000;
const SENTENCE = 12;
const SENTENCES = 5;
const PARAGRAPHS = 4;

export type Prose = { words(count: number): string; paragraph(): string };

export function prose(random: Random): Prose {
  const vocabulary = Array.from({ length: WORDS }, (_, at) => {
    let word = "";
    for (let rest = at + 150; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
      word += SYLLABLES[rest % SYLLABLES.length];
    return word;
  });
  const word = () => vocabulary[Math.floor(vocabulary.length ** random()) - 1] ?? "ka";
  const words = (count: number) => Array.from({ length: count }, word).join(" ");
  const sentence = () => `${words(SENTENCE).replace(/^./, (letter) => letter.toUpperCase())}.`;
  return { words, paragraph: () => Array.from({ length: SENTENCES }, sentence).join(" ") };
}

export type Page = { name: string; content: string };

/** Markdown of 2 to 30 KB each, small ones being many: headings, and paragraphs below them. */
export function pages(random: Random, count: number): Page[] {
  const { words, paragraph } = prose(random);
  return Array.from({ length: count }, (_, nth) => {
    const bytes = 2_000 * 15 ** random();
    let content = `# ${words(4)}\n`;
    for (let part = 1; content.length < bytes; part++) {
      content += `\n## ${part}. ${words(3)}\n`;
      for (let at = 0; at < PARAGRAPHS; at++) content += `\n${paragraph()}\n`;
    }
    return { name: `page-${nth}.md`, content };
  });
}
