import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvents, type SseEvent } from "../../src/web/client/sse.ts";

const stream = (pieces: Uint8Array[], onCancel = () => {}) => {
  const left = [...pieces];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
    cancel: onCancel,
  });
};
const bytes = (text: string) => new TextEncoder().encode(text);
async function read(...pieces: (string | Uint8Array)[]): Promise<SseEvent[]> {
  const events: SseEvent[] = [];
  const body = stream(pieces.map((piece) => (typeof piece === "string" ? bytes(piece) : piece)));
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

test("an event has its name, its number and its lines of data", async () => {
  expect(await read("id: 7\nevent: token\ndata: one\ndata:  two\n\n")).toEqual([
    { id: "7", event: "token", data: "one\n two" },
  ]);
});

test("what has no name is a message, and the last number holds until another comes", async () => {
  expect(await read("id: 1\ndata: a\n\ndata: b\n\n")).toEqual([
    { id: "1", event: "message", data: "a" },
    { id: "1", event: "message", data: "b" },
  ]);
});

test("comments, unknown fields, empty events and a broken-off last event are none", async () => {
  expect(await read("\uFEFF: keep-alive\n\nretry: 9\nevent: x\n\nnonsense\ndata: a\n\ndata: half")).toEqual([
    { id: "", event: "message", data: "a" },
  ]);
});

test.each(["\n", "\r\n", "\r"])("lines end with %j", async (end) => {
  // A carriage return alone is known to be an end when the next character is there.
  expect(await read(["event: e", "data: a", "", ": x", ""].join(end))).toEqual([
    { id: "", event: "e", data: "a" },
  ]);
});

test("every cut through the bytes gives the same events", async () => {
  const whole = bytes("id: 1\r\nevent: token\r\ndata: مرحبًا 🏕️\r\n\r\n: x\n\nid: 2\ndata: b\rdata: c\n\n");
  const expected: SseEvent[] = [
    { id: "1", event: "token", data: "مرحبًا 🏕️" },
    { id: "2", event: "message", data: "b\nc" },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
      expect(await read(...pieces)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test("who leaves early closes the connection", async () => {
  let cancelled = false;
  const body = stream([bytes("data: a\n\n"), bytes("data: b\n\n")], () => {
    cancelled = true;
  });
  for await (const { data } of readEvents(body)) {
    expect(data).toBe("a");
    break;
  }
  expect(cancelled).toBe(true);
});
