import { expect, test, vi } from "vitest";
import { failureText } from "../../src/web/widget/exchange.tsx";
import { languageFor } from "../../src/web/widget/strings.ts";

const { strings } = languageFor(["en"]);

test.each([
  ["a conversation that is gone when its answer is taken up again", "not_found", strings.interrupted],
  ["a code that nobody knows yet", "brand_new", strings.failed],
])("%s is said in plain words", (_, code, said) => {
  vi.stubGlobal("location", { origin: "https://shop.test" });
  expect(failureText(strings, { code }, 0)).toBe(said);
});
