import { describe, inject } from "vitest";
import { speaksSmtp } from "../../support/mail-dialogue.ts";

describe("in the Worker, over SMTP", () => {
  speaksSmtp(() => inject("mailServer"));
});
