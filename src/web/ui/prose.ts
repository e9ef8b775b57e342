/** Markdown as Preact nodes: only what the sanitizer's list names is ever made, and nothing is parsed as HTML. */
import type { Nodes } from "hast";
import { type Schema, sanitize } from "hast-util-sanitize";
import { type ComponentChild, h } from "preact";
import { markdown } from "./markdown.ts";

const SCHEMA: Schema = {
  tagNames: [
    ...["p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "a", "button"],
    ...["h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"],
  ],
  attributes: {
    a: ["href", "target", "rel"],
    button: ["dataCite"],
    ol: ["start"],
    th: ["dataAlign"],
    td: ["dataAlign"],
  },
  protocols: { href: ["http", "https", "mailto"] },
  ancestors: {},
  clobber: [],
  required: {},
  strip: [],
};

type Chip = (index: number) => ComponentChild;

const NONE: ReadonlySet<number> = new Set();

/** Around what {@link prose} shows as quoted: private use, so no text has them for itself. */
export const QUOTED = { from: "\uE000", to: "\uE001" };
const SIGNS = /([\uE000\uE001])/;

/** @param chip what stands for the mark `[n]` of a passage that `marks` names */
export function prose(
  source: string,
  marks: ReadonlySet<number> = NONE,
  chip: Chip = () => null,
): ComponentChild[] {
  const clean = sanitize({ type: "root", children: markdown(source, marks) }, SCHEMA);
  let quoted = false;

  /** A quote may begin in one element and end in another. */
  function words(text: string): ComponentChild[] {
    return text.split(SIGNS).map((part) => {
      if (SIGNS.test(part)) quoted = part === QUOTED.from;
      else if (part !== "") return quoted ? h("mark", null, part) : part;
      return null;
    });
  }

  function node(child: Nodes): ComponentChild {
    if (child.type === "text") return words(child.value);
    if (child.type !== "element") return null;
    const { tagName, properties } = child;
    if (tagName === "button") return chip(Number(properties.dataCite));
    const { dataAlign, rel, ...rest } = properties;
    const children = child.children.map(node);
    // A link whose address was refused is no link; nor is one into the page, whatever that page is.
    if (tagName === "a" && !/^(https?|mailto):/i.test(String(rest.href))) return h("span", null, children);
    const made = h(
      tagName,
      {
        ...(rest as Record<string, string>),
        ...(dataAlign ? { "data-align": String(dataAlign) } : {}),
        ...(Array.isArray(rel) ? { rel: rel.join(" ") } : {}),
      },
      children,
    );
    // A wide table scrolls for itself; whoever has no mouse reaches it.
    return tagName === "table" ? h("div", { class: "wide", tabIndex: 0, role: "group" }, made) : made;
  }

  return "children" in clean ? clean.children.map(node) : [];
}
