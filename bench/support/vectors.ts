/** Vectors as embedding models give them: topics that organizations share, documents in them, chunks in documents. */

export const DIMENSIONS = 768;
const TOPICS = 60;
const SUBJECTS_EACH = 12;
/** Share of a direction that everything has in common, as real models show: unrelated texts have a cosine of about .15. */
const COMMON = 0.39;

export type Random = () => number;

/** Mulberry32: the same numbers everywhere. */
export function generator(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A direction of length 1, all alike likely. */
function direction(random: Random): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (let at = 0; at < DIMENSIONS; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    vector[at] = radius * Math.cos(angle);
    vector[at + 1] = radius * Math.sin(angle);
  }
  return unit(vector);
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  for (let at = 0; at < DIMENSIONS; at++) vector[at] = (vector[at] ?? 0) / length;
  return vector;
}

export function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < DIMENSIONS; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** A vector of length 1 whose cosine to `center` is about `cosine`. */
export function near(random: Random, center: Float32Array, cosine: number): Float32Array {
  const noise = direction(random);
  const rest = Math.sqrt(1 - cosine * cosine);
  for (let at = 0; at < DIMENSIONS; at++) noise[at] = cosine * (center[at] ?? 0) + rest * (noise[at] ?? 0);
  return unit(noise);
}

/** The subjects that organizations write about: some of the same few topics each. */
export function world(random: Random): Float32Array[] {
  const common = direction(random);
  return Array.from({ length: TOPICS }, () => near(random, common, COMMON)).flatMap((topic) =>
    Array.from({ length: SUBJECTS_EACH }, () => near(random, topic, 0.8)),
  );
}

/** As pgvector reads it. Times a power of two: a cosine does not see it, halves round the same, and integers are short. */
export function vectorText(vector: Float32Array): string {
  let text = "[";
  for (let at = 0; at < DIMENSIONS; at++) text += `${at ? "," : ""}${Math.round((vector[at] ?? 0) * 32_768)}`;
  return `${text}]`;
}
