/** The embedder that needs no model: hashed words, word pairs and letter groups. Deterministic, so tests can rely on it. */
import { analyze, isStopWord } from "../../text/analyze.ts";
import { fnv32 } from "../../text/fnv.ts";
import { DIMENSIONS, type Embedder } from "./port.ts";

const STOP_WORD_WEIGHT = 0.1;
const PAIR_WEIGHT = 0.25;
/** Letter groups let a typo or an unknown inflection still land near its word; a word's groups together weigh this. */
const GROUPS_WEIGHT = 1;
const GROUP_SIZES = [3, 4, 5];

/** Hashing features costs most of the time; a text longer than any chunk is represented by its beginning. */
const MAX_CHARACTERS = 20_000;

/**
 * The `offline-hash-768` embedder. Its vectors exercise the whole vector path, but add nothing to BM25
 * (docs/decisions.md), hence fusion weight 0.
 */
export function offlineEmbedder(): Embedder {
  return {
    model: `offline-hash-${DIMENSIONS}`,
    mode: "offline",
    fusionWeight: 0,
    segmentThreshold: 0.25,
    embed: async (texts) => texts.map(hashVector),
  };
}

/**
 * Unit vector of `text`: features are stems (1, stop words .1), neighbouring stems (.25) and their letter groups of 3
 * to 5; each feature's count is damped (1 + ln tf) and added with a hashed sign at a hashed place. A text without any
 * word gives a fixed unit vector, because cosine needs a length.
 */
export function hashVector(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0);
  for (const [feature, { count, weight }] of features(analyze(text.slice(0, MAX_CHARACTERS)))) {
    const hash = fnv32(feature);
    const place = hash % DIMENSIONS;
    const sign = mix(hash) & 1 ? 1 : -1;
    vector[place] = (vector[place] ?? 0) + sign * weight * (1 + Math.log(count));
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  return rotate(length === 0 ? vector : vector.map((value) => value / length));
}

/** A power of two that divides {@link DIMENSIONS}. */
const BLOCK = 256;
/** Coprime to {@link DIMENSIONS}: moves each number of a block to another block. */
const STRIDE = 5;

/**
 * Turns the space by a fixed rotation (random signs and a Hadamard transform, twice), which changes no cosine. A short
 * question has few features and thus a vector of zeros, whose signs, all that segment routing looks at, would say
 * nothing; turned, every number carries a little of each feature.
 */
function rotate(vector: readonly number[]): number[] {
  let turned = [...vector];
  for (const round of [1, 2]) {
    const next = new Array<number>(DIMENSIONS);
    for (const [at, value] of turned.entries()) {
      next[(at * STRIDE) % DIMENSIONS] = mix(at * 2 + round) & 1 ? value : -value;
    }
    for (let from = 0; from < DIMENSIONS; from += BLOCK) hadamard(next, from);
    turned = next;
  }
  return turned;
}

/** Fast Walsh–Hadamard transform of one block, in place, scaled to keep lengths. */
function hadamard(values: number[], from: number): void {
  for (let half = 1; half < BLOCK; half *= 2) {
    for (let at = from; at < from + BLOCK; at += half * 2) {
      for (let left = at; left < at + half; left++) {
        const a = values[left] ?? 0;
        const b = values[left + half] ?? 0;
        values[left] = (a + b) * Math.SQRT1_2;
        values[left + half] = (a - b) * Math.SQRT1_2;
      }
    }
  }
}

type Feature = { count: number; weight: number };

function features(stems: readonly string[]): Map<string, Feature> {
  const found = new Map<string, Feature>();
  const add = (feature: string, weight: number) => {
    const known = found.get(feature);
    if (known) known.count += 1;
    else found.set(feature, { count: 1, weight });
  };
  let previous: string | undefined;
  for (const stem of stems) {
    const stop = isStopWord(stem);
    add(stem, stop ? STOP_WORD_WEIGHT : 1);
    if (previous !== undefined) add(`${previous} ${stem}`, PAIR_WEIGHT);
    if (!stop) addGroups(stem, add);
    previous = stem;
  }
  return found;
}

function addGroups(stem: string, add: (feature: string, weight: number) => void): void {
  const padded = `^${stem}$`;
  const groups: string[] = [];
  for (const size of GROUP_SIZES) {
    for (let at = 0; at + size <= padded.length; at++) groups.push(padded.slice(at, at + size));
  }
  for (const group of groups) add(`#${group}`, GROUPS_WEIGHT / Math.sqrt(groups.length));
}

/** Spreads a hash once more, so that a feature's sign does not follow from its place. */
function mix(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (spread ^ (spread >>> 15)) >>> 7;
}
