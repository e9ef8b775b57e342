/** What goes wrong and when, drawn from a seed, so that a run that failed can be looked at again. */
import { setTimeout as pause } from "node:timers/promises";
import type { Behaviour } from "../support/model-server.ts";
import { type Roll, shuffled } from "./corpus.ts";
import { type FaultStack, PARTS, type Part } from "./stack.ts";
import { leap } from "./time.ts";
import { WIRE_FAULTS, type WireFault } from "./wire.ts";

export type Step = { after: number } & (
  | { do: "kill"; part: Part; down: number }
  /** The line to the database loses one of `among` with each request, for `ms`. */
  | { do: "wire"; among: readonly (WireFault | "none")[]; ms: number }
  /** The embedding model's next answers. */
  | { do: "confuse"; behaviours: Behaviour[] }
  /** As if minutes had passed: leases run out under those who hold them. */
  | { do: "leap"; minutes: number }
);

const CONFUSED: Behaviour[] = [
  { do: "status", status: 429, retryAfter: "1" },
  { do: "status", status: 429, retryAfter: "60" },
  { do: "status", status: 500 },
  { do: "status", status: 503 },
  { do: "hang" },
  { do: "html" },
  { do: "embed", fault: "fewer" },
  { do: "embed", fault: "cut" },
  { do: "embed", fault: "garbage" },
  { do: "embed", fault: "nulls" },
  { do: "embed", length: 512 },
];

/** Every kind of fault at least once, in an order of the seed's own. */
export function plan(steps: number, roll: Roll): Step[] {
  const kinds: (Part | "wire" | "confuse" | "leap")[] = [...PARTS, "wire", "confuse", "leap"];
  const drawn = Array.from({ length: Math.max(0, steps - kinds.length) }, () => kinds[roll(kinds.length)]);
  return shuffled([...kinds, ...drawn], roll).map((kind): Step => {
    const after = 200 + roll(1_300);
    switch (kind) {
      case "wire":
        return {
          after,
          do: "wire",
          among: [...WIRE_FAULTS, "none", "none", "none"],
          ms: 1_500 + roll(2_000),
        };
      case "confuse": {
        const behaviours = Array.from(
          { length: 4 + roll(12) },
          () => CONFUSED[roll(CONFUSED.length)] as Behaviour,
        );
        return { after, do: "confuse", behaviours };
      }
      case "leap":
        return { after, do: "leap", minutes: 4 };
      default:
        return { after, do: "kill", part: kind as Part, down: roll(1_500) };
    }
  });
}

/** One line a step, for whoever reads a failure. */
export function inWords(step: Step): string {
  const { after, ...rest } = step;
  const what =
    rest.do === "confuse"
      ? `confuse ${rest.behaviours.map(nameOf).join(" ")}`
      : Object.values(rest).join(" ");
  return `+${after} ms ${what}`;
}

const nameOf = (behaviour: Behaviour) =>
  behaviour.do === "status"
    ? String(behaviour.status)
    : behaviour.do === "embed"
      ? (behaviour.fault ?? String(behaviour.length))
      : behaviour.do;

export async function perform(stack: FaultStack, step: Step, roll: Roll): Promise<void> {
  await pause(step.after);
  switch (step.do) {
    case "kill":
      await stack.kill(step.part);
      await pause(step.down);
      return stack.revive(step.part);
    case "wire":
      stack.wire.fault = () => {
        const drawn = step.among[roll(step.among.length)];
        return drawn === "none" ? undefined : drawn;
      };
      await pause(step.ms);
      stack.wire.fault = () => undefined;
      return;
    case "confuse":
      return stack.confuse(step.behaviours);
    case "leap":
      return leap(stack, step.minutes);
  }
}
