/** Pure; runs in workerd. */
import { expect, test } from "vitest";
import { textStream } from "../../src/http/text-stream.ts";

test("a reader who leaves in the middle ends whatever makes the text", async () => {
  const seen: string[] = [];
  async function* pieces() {
    try {
      for (let n = 1; ; n++) {
        seen.push(`made ${n}`);
        yield `line ${n}\n`;
      }
    } finally {
      seen.push("ended");
    }
  }
  const reader = textStream(pieces()).getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("line 1\n");
  await reader.cancel();
  expect(seen.at(-1)).toBe("ended");
  expect(seen.length).toBeLessThanOrEqual(3);
});
