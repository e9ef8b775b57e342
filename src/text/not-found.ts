/** The plain sentence that says the documents do not hold the answer, in the language of the question. */
import { type Language, languageOf } from "./language.ts";

const SENTENCES: Record<Language, string> = {
  en: "The documents available to you do not contain an answer to this question.",
  ar: "لا تتضمن المستندات المتاحة لك إجابة عن هذا السؤال.",
  fa: "اسنادی که در دسترس شماست پاسخی برای این پرسش ندارند.",
  he: "המסמכים הזמינים לך אינם מכילים תשובה לשאלה הזאת.",
  ru: "В доступных вам документах нет ответа на этот вопрос.",
  el: "Τα έγγραφα στα οποία έχετε πρόσβαση δεν περιέχουν απάντηση σε αυτή την ερώτηση.",
  zh: "您可以查阅的文档中没有这个问题的答案。",
  ja: "閲覧できる文書には、この質問への回答がありません。",
  ko: "열람할 수 있는 문서에는 이 질문에 대한 답이 없습니다.",
  hi: "आपके लिए उपलब्ध दस्तावेज़ों में इस प्रश्न का उत्तर नहीं है।",
  th: "เอกสารที่คุณเข้าถึงได้ไม่มีคำตอบสำหรับคำถามนี้",
  de: "Die Dokumente, die Sie einsehen können, enthalten keine Antwort auf diese Frage.",
  fr: "Les documents auxquels vous avez accès ne contiennent pas de réponse à cette question.",
  es: "Los documentos a los que tiene acceso no contienen una respuesta a esta pregunta.",
  pt: "Os documentos a que tem acesso não contêm uma resposta a esta pergunta.",
  it: "I documenti a cui ha accesso non contengono una risposta a questa domanda.",
  nl: "De documenten die u kunt inzien, bevatten geen antwoord op deze vraag.",
  tr: "Erişebildiğiniz belgelerde bu sorunun yanıtı bulunmuyor.",
};

/** One sentence, without citations. */
export function notFound(question: string): string {
  return SENTENCES[languageOf(question)];
}
