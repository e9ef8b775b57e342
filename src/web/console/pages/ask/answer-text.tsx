/** An answer's Markdown as safe HTML, its marks `[n]` as buttons that open the source. */
import DOMPurify from "dompurify";
import { Marked, type TokenizerAndRendererExtension } from "marked";
import { useMemo } from "preact/hooks";
import { words } from "../../../ui/words.ts";

const t = words({ source: ["Source {n}", "المصدر {n}"] });

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const MARK = /^\[(\d{1,3})\]/;

const mark: TokenizerAndRendererExtension = {
  name: "mark",
  level: "inline",
  start: (text) => {
    const at = text.search(/\[\d{1,3}\]/);
    return at < 0 ? undefined : at;
  },
  tokenizer(text) {
    const [raw, n] = MARK.exec(text) ?? [];
    return raw && n ? { type: "mark", raw, n } : undefined;
  },
  renderer: ({ n }) =>
    `<button type="button" class="cite" data-n="${n}" aria-label="${escapeHtml(t("source", { n: String(n) }))}">${n}</button>`,
};

const markdown = new Marked({
  gfm: true,
  breaks: true,
  extensions: [mark],
  renderer: {
    // A document may have put it there.
    html: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
  },
});

const TAGS =
  "p strong em del code pre ul ol li blockquote a br hr table thead tbody tr th td button sup sub".split(" ");

function toHtml(text: string): string {
  const html = markdown.parse(text, { async: false });
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "class", "data-n", "type", "aria-label", "start", "rel", "target"],
    ALLOWED_URI_REGEXP: /^(https?|mailto):/i,
  });
}

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.nodeName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
});

type AnswerTextProps = {
  text: string;
  /** @param nth which of the answer's marks, from 0 */
  onCite: (n: number, nth: number) => void;
};

export function AnswerText({ text, onCite }: AnswerTextProps) {
  const html = useMemo(() => toHtml(text), [text]);
  const open = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const button = event.target instanceof Element ? event.target.closest("button.cite") : null;
    if (!button) return;
    const all = [...event.currentTarget.querySelectorAll("button.cite")];
    onCite(Number(button.getAttribute("data-n")), all.indexOf(button));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons inside are what is pressed, with keys as well
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div class="answer-text" dir="auto" onClick={open} dangerouslySetInnerHTML={{ __html: html }} />
  );
}
