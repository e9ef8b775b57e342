import { expect, test } from "vitest";
import { LANGUAGES, languageOf } from "../../src/text/language.ts";
import { notFound } from "../../src/text/not-found.ts";

test.each([
  ["en", "How long do I have to return an item?"],
  ["en", "Do you offer a student discount?"],
  ["en", "TN-FLTC"],
  ["ar", "كم مدة إرجاع المنتجات من Tarnholt؟"],
  ["fa", "مدت گارانتی چقدر است؟"],
  ["he", "כמה זמן יש לי להחזיר מוצר?"],
  ["ru", "Сколько стоит доставка?"],
  ["el", "Πόσο κοστίζει η αποστολή;"],
  ["zh", "退货期限是多久？"],
  ["ja", "返品の期限はいつですか？"],
  ["ko", "반품 기한은 언제입니까?"],
  ["hi", "वापसी की अवधि क्या है?"],
  ["th", "คืนสินค้าได้ภายในกี่วัน"],
  ["de", "Wie viele Kajaks habt ihr?"],
  ["fr", "Combien coûte la livraison ?"],
  ["es", "¿Cuánto cuesta el envío?"],
  ["pt", "Quanto custa a entrega?"],
  ["it", "Quanto costa la consegna?"],
  ["nl", "Hoeveel kost het bezorgen van de tent?"],
  ["tr", "Kargo ücreti ne kadar ve ne zaman gelir?"],
])("%s: %s", (language, text) => {
  expect(languageOf(text)).toBe(language);
});

test("every language has its own sentence for an answer that is not there", () => {
  const questions: Record<string, string> = { en: "what is it", ar: "ما هو", ja: "なに", de: "was ist das" };
  const said = Object.values(questions).map(notFound);
  expect(new Set(said).size).toBe(said.length);
  expect(LANGUAGES).toHaveLength(18);
});
