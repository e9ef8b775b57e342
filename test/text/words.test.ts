/** Pure; runs in workerd. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languageOfPassage, passageWords, questionWords } from "../../src/text/words.ts";

const termsOf = (words: { stem: string; forms: string[] }[]) =>
  new Set(words.flatMap(({ stem, forms }) => [stem, ...forms]));

/** Does a question with these words meet a passage with those, in the language the passage is taken for? */
const meets = (question: string, passage: string) => {
  const asked = termsOf(questionWords(question));
  return [...termsOf(passageWords(passage, languageOfPassage(passage)))].some((term) => asked.has(term));
};

describe("words", () => {
  it("leaves English passages as Porter's stems and nothing else", () => {
    expect(
      passageWords("The refunds were paid", "en").flatMap(({ stem, forms }) => [stem, ...forms]),
    ).toEqual(["the", "refund", "were", "paid"]);
  });

  it.each([
    ["ERR-4042", "err4042"],
    ["ERR_4042", "ERR-4042 happens"],
    ["4042", "it fails with ERR-4042"],
    ["foo.bar()", "call foo.bar(1) twice"],
    ["bar", "call foo.bar(1) twice"],
    ["snake", "set snake_case_name first"],
    ["user name", "getUserName returns it"],
    ["getUserName", "the user types a name"],
    ["HTTP server", "class HTTPServer"],
    ["v1.2.3", "since version 1.2.3"],
    ["самолёт ил", "Ил76 взлетает утром"],
    ["ana@firm.example", "Write to Ana@Firm.example."],
    ["www.firm.example", "see https://firm.example"],
    ["1000000", "it costs 1,000,000 a year"],
    ["1.000.000", "it costs 1 000 000 a year"],
    ["3,5", "3.5 percent"],
  ])("finds the name %s in: %s", (question, passage) => {
    expect(meets(question, passage)).toBe(true);
  });

  it("tells one version and one error code from the next", () => {
    const whole = (text: string) =>
      questionWords(text)
        .flatMap(({ forms }) => forms)
        .filter((form) => /\d/.test(form));
    expect(whole("1.2.3")).not.toEqual(whole("1.2.4"));
    expect(whole("ERR-4042")).toEqual(["err4042"]);
  });

  it.each([
    ["ＡＢＣ１２３", "abc123"],
    ["finance", "ﬁnance"],
    ["warranty", "war\u00ADran\u200Bty"],
    ["cafe", "Café"],
    ["ISTANBUL", "istanbul"],
    ["istanbul", "İSTANBUL"],
    ["ılık", "ILIK"],
    ["strasse", "Straße"],
    ["ё", "Е"],
    ["٣٠", "30"],
    ["३०", "30"],
    ["हिन्दी", "हिंदी"],
    ["फोन", "फ़ोन"],
    ["ﾌﾟﾘﾝﾀｰ", "プリンター"],
    ["كتاب\u200Cها", "كتابها"],
  ])("takes %s and %s for the same", (one, other) => {
    expect(meets(one, other)).toBe(true);
    expect(meets(other, one)).toBe(true);
  });

  it.each([
    ["Mueller", "Herr Müller ist nicht da, das weiß er."],
    ["المدرسة", "للمدرسة"],
    ["مدرسة", "بالمدرسة"],
    ["سائق", "والسائقون"],
    ["فاتورة", "الفواتير"],
    ["مكتب", "لمكتب"],
    ["בית", "הבית"],
    ["집", "집에서"],
    ["税", "消费税率"],
    ["ราคา", "สินค้าราคาถูก"],
    ["τιμολόγιο", "τα τιμολόγια"],
    ["квартира", "в квартирах"],
  ])("meets %s in %s", (question, passage) => {
    expect(meets(question, passage)).toBe(true);
  });

  it("keeps unrelated short words apart", () => {
    expect(meets("بيت", "بنت")).toBe(false);
    expect(meets("hotel", "hat")).toBe(false);
    expect(meets("Haus", "Hase")).toBe(false);
  });

  it.each([
    ["de", "Rechnungen werden innerhalb von dreißig Tagen bezahlt."],
    ["fr", "Les factures doivent être payées sous trente jours."],
    ["es", "Las facturas se pagan en un plazo de treinta días."],
    ["it", "I pacchi danneggiati vengono sostituiti gratuitamente."],
    ["pt", "As reclamações dos clientes são respondidas em dois dias."],
    ["nl", "Klachten van klanten beantwoorden wij binnen twee dagen."],
    ["tr", "Faturalar otuz gün içinde ödenir."],
    ["en", "Refunds are paid within fourteen days."],
    ["en", "a b c d e"],
    ["en", ""],
  ] as const)("takes for %s: %s", (language, text) => {
    expect(languageOfPassage(text)).toBe(language);
  });

  it("takes a passage that tells nothing for its document's language", () => {
    expect(languageOfPassage("Umsatz 2024", "de")).toBe("de");
    expect(languageOfPassage("The turnover of the year is in the annex", "de")).toBe("en");
  });

  it("meets any text with itself, whatever it is, and ends", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const asked = termsOf(questionWords(text));
        for (const { stem } of passageWords(text, languageOfPassage(text)))
          expect(asked.has(stem)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(passageWords("x".repeat(1_000_000), "en")[0]?.stem).toHaveLength(64);
    expect(passageWords("a.".repeat(200_000), "de").length).toBe(200_000);
  });
});
