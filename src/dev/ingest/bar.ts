/** One line that moves: how far a command is. */

const WIDTH = 28;
/** A terminal is redrawn so often, in milliseconds; a log file gets a line every {@link LOG_MS}. */
const DRAW_MS = 100;
const LOG_MS = 10_000;

export type Bar = { step(by?: number, note?: string): void; end(): void };

/** @param total what {@link Bar.step} adds up to */
export function bar(title: string, total: number, out: NodeJS.WriteStream = process.stderr): Bar {
  const from = Date.now();
  let done = 0;
  let note = "";
  let drawn = 0;

  const line = () => {
    const share = total === 0 ? 1 : done / total;
    const seconds = (Date.now() - from) / 1000;
    const left = share > 0.02 && share < 1 ? `, ${Math.ceil((seconds / share) * (1 - share))} s left` : "";
    const filled = Math.round(share * WIDTH);
    return `${title} [${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}] ${done}/${total}${left}${note && ` · ${note}`}`;
  };
  const draw = (final: boolean) => {
    const now = Date.now();
    if (!final && now - drawn < (out.isTTY ? DRAW_MS : LOG_MS)) return;
    drawn = now;
    if (out.isTTY) out.write(`\r\u001b[K${line().slice(0, (out.columns ?? 100) - 1)}${final ? "\n" : ""}`);
    else out.write(`${line()}\n`);
  };
  return {
    step(by = 1, text = note) {
      done += by;
      note = text;
      draw(false);
    },
    end: () => draw(true),
  };
}
