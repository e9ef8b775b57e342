/** The demo shop's script: puts the widget on the page as any shop would, with the key from the address. */

const KEPT = "kalamna-demo-key";

/** From the address; later visits find it again. */
function widgetKey(): string | null {
  const given = new URLSearchParams(location.search).get("key");
  try {
    if (given) localStorage.setItem(KEPT, given);
    return given ?? localStorage.getItem(KEPT);
  } catch {
    return given;
  }
}

const TEXTS: Record<string, { label: string; title: string; suggestions: string[] }> = {
  en: {
    label: "Ask us",
    title: "Tarnholt help",
    suggestions: [
      "How long does standard delivery take?",
      "Can I use the Skarn 2 in snow?",
      "Which Ember 400 stoves are recalled?",
    ],
  },
  ar: {
    label: "اسألنا",
    title: "مساعد تارنهولت",
    suggestions: ["كم مدة إرجاع المنتجات غير المستعملة؟", "ما المنتجات التي لا يمكن إرجاعها؟"],
  },
};

const key = widgetKey();
const texts = TEXTS[document.documentElement.lang] ?? TEXTS.en;
const notice = document.getElementById("notice");
const ask = document.getElementById("ask");

if (key && texts) {
  const script = document.createElement("script");
  script.src = "/widget.js";
  script.async = true;
  script.dataset.key = key;
  script.dataset.accent = "#1f5c46";
  script.dataset.label = texts.label;
  script.dataset.title = texts.title;
  script.dataset.suggestions = JSON.stringify(texts.suggestions);
  document.head.append(script);
} else {
  if (notice) notice.hidden = false;
  if (ask) ask.hidden = true;
}

ask?.addEventListener("click", () => {
  document.querySelector<HTMLElement & { open(question?: string): void }>("kalamna-widget")?.open();
});
