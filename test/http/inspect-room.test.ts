import { expect, test } from "vitest";
import { takeRoom } from "../../src/http/inspect-room.ts";
import { call, expectStatus, register } from "../support/api.ts";

const MB = 1024 * 1024;

test("files are inspected together as long as they fit into memory together", () => {
  const leave = takeRoom(20 * MB, 50 * MB);
  const other = takeRoom(30 * MB, 50 * MB);
  expect(() => takeRoom(1, 50 * MB)).toThrow("try again in a moment");
  leave();
  takeRoom(1, 50 * MB)();
  other();
});

test("a file of the largest size finds room when nobody else is there, and one of unknown size takes as much", () => {
  takeRoom(50 * MB, 50 * MB)();
  for (const unknown of [Number.NaN, 0]) {
    const leave = takeRoom(unknown, 50 * MB);
    expect(() => takeRoom(1, 50 * MB)).toThrow(expect.objectContaining({ code: "rate_limited" }));
    leave();
  }
});

test("a larger one is refused before it is read", () => {
  expect(() => takeRoom(53 * MB, 50 * MB)).toThrow(expect.objectContaining({ code: "too_large" }));
  takeRoom(50 * MB, 50 * MB)();
});

test("a refused file gives its room back", async () => {
  const { token } = await register();
  const broken = () => call("POST", "/api/v1/documents/inspect", { token, body: new FormData() });
  expectStatus(await broken(), 400);
  expectStatus(await broken(), 400);
  takeRoom(50 * MB, 50 * MB)();
});
