/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { lastSentenceEnd, sentences } from "../../src/text/sentences.ts";

const split = (text: string) => sentences(text).map(({ start, end }) => text.slice(start, end));

describe("sentences", () => {
  it("ends a sentence at a full stop, an exclamation and a question mark", () => {
    expect(split("It rains. Run! Why? Because.")).toEqual(["It rains.", "Run!", "Why?", "Because."]);
  });

  it("does not end one inside a number, an address or a version", () => {
    expect(split("It costs 3.50 at shop.example since v1.2. Cheap.")).toEqual([
      "It costs 3.50 at shop.example since v1.2.",
      "Cheap.",
    ]);
  });

  it("knows titles, initials and abbreviations", () => {
    expect(split("Dr. J. R. Smith met Mrs. Jones, e.g. at Fig. 3. They spoke.")).toEqual([
      "Dr. J. R. Smith met Mrs. Jones, e.g. at Fig. 3.",
      "They spoke.",
    ]);
  });

  it("lets a company's Ltd. end a sentence only before a word that starts one", () => {
    expect(split("Acme Ltd. Leeds is small. We sold Acme Ltd. The price was low.")).toEqual([
      "Acme Ltd. Leeds is small.",
      "We sold Acme Ltd.",
      "The price was low.",
    ]);
  });

  it("keeps closing quotes and brackets with their sentence", () => {
    expect(split('He said "Stop." (I did.) Then he left.')).toEqual([
      'He said "Stop."',
      "(I did.)",
      "Then he left.",
    ]);
  });

  it("goes on after a question in the middle of a sentence", () => {
    expect(split('"Why?" she asked. Nobody knew.')).toEqual(['"Why?" she asked.', "Nobody knew."]);
  });

  it("reads Chinese and Japanese, which put no space between sentences", () => {
    expect(split("今天下雨。我不去！为什么？「好。」他说。")).toEqual([
      "今天下雨。",
      "我不去！",
      "为什么？",
      "「好。」",
      "他说。",
    ]);
  });

  it("reads Arabic, Urdu and Hindi marks", () => {
    expect(split("هل تعرف؟ نعم. حسنا")).toEqual(["هل تعرف؟", "نعم.", "حسنا"]);
    expect(split("یہ ایک جملہ ہے۔ دوسرا جملہ")).toEqual(["یہ ایک جملہ ہے۔", "دوسرا جملہ"]);
    expect(split("यह पहला है। यह दूसरा है।")).toEqual(["यह पहला है।", "यह दूसरा है।"]);
  });

  it("takes headings, list items and table rows for sentences of their own", () => {
    expect(split("# Leave\n\n- 26 days a year\n- 3 field days\n\n| Band | From |\n| B1 | 24,800 |")).toEqual([
      "# Leave",
      "- 26 days a year",
      "- 3 field days",
      "| Band | From |",
      "| B1 | 24,800 |",
    ]);
  });

  it("reads over a soft line break", () => {
    expect(
      split("This line was wrapped by an editor at about seventy columns\nand goes on here. Next one."),
    ).toEqual([
      "This line was wrapped by an editor at about seventy columns\nand goes on here.",
      "Next one.",
    ]);
  });

  it("covers everything but white space, in order, for any text", () => {
    const text = "  One.  Two!\n\n\tThree… 四。5.  \n";
    let at = 0;
    for (const { start, end } of sentences(text)) {
      expect(text.slice(at, start).trim()).toBe("");
      expect(end).toBeGreaterThan(start);
      at = end;
    }
    expect(text.slice(at).trim()).toBe("");
  });

  it("finds nothing in nothing", () => {
    expect(sentences("")).toEqual([]);
    expect(sentences(" \n ")).toEqual([]);
  });
});

describe("lastSentenceEnd", () => {
  it("finds the end nearest to the limit", () => {
    const text = "One. Two. Three goes on";
    expect(lastSentenceEnd(text, 0, text.length)).toBe("One. Two.".length);
    expect(lastSentenceEnd(text, 0, 6)).toBe("One.".length);
    expect(lastSentenceEnd(text, 10, text.length)).toBe(-1);
  });
});
