/** Server-sent events as a client reads them. */

export type SeenEvent = { id: string; event: string; data: any };

export function eventsOf(stream: string): SeenEvent[] {
  return stream
    .split("\n\n")
    .filter((frame) => frame !== "" && !frame.startsWith(":"))
    .map((frame) => {
      const line = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(frame)?.[1] ?? "";
      return { id: line("id"), event: line("event"), data: JSON.parse(line("data")) };
    });
}
