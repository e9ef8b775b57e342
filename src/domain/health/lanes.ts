/** What stands in each lane. */
import { LANES, type Lane } from "../../infra/jobs/port.ts";

export type LaneFigures = {
  /** Documents not yet ready or failed, and of them: in somebody's hands, and not. */
  unfinished: number;
  working: number;
  waiting: number;
  /** Seconds since the oldest of them came. */
  oldest_seconds: number;
  /** Past their deadline; must be 0. */
  overdue: number;
};

type Row = { lane: Lane; unfinished: number; working: number; oldest: number; overdue: number };

/** Every lane, empty ones too. */
export function lanesOf(rows: readonly Row[]): Record<Lane, LaneFigures> {
  const figures = (lane: Lane): LaneFigures => {
    const row = rows.find((each) => each.lane === lane);
    if (!row) return { unfinished: 0, working: 0, waiting: 0, oldest_seconds: 0, overdue: 0 };
    const { unfinished, working, oldest, overdue } = row;
    return { unfinished, working, waiting: unfinished - working, oldest_seconds: oldest, overdue };
  };
  return Object.fromEntries(LANES.map((lane) => [lane, figures(lane)])) as Record<Lane, LaneFigures>;
}
