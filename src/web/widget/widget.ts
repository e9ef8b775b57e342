/** The script of a `<script src="…/widget.js" data-key="kal_pub_…" async>`: puts one widget on the page. */
import { KalamnaWidget } from "./element.tsx";

const NAME = "kalamna-widget";

function ownScript(): HTMLScriptElement | undefined {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement) return currentScript;
  // Tag managers run scripts in ways that leave none current.
  return [...document.scripts].find(({ src }) => /\/widget\.js(\?|$)/.test(src));
}

function start(script: HTMLScriptElement): void {
  const source = new URL(script.src, location.href);
  // Two tags are one widget: whoever pasted twice wanted one.
  if (!customElements.get(NAME)) {
    KalamnaWidget.home = source.origin;
    customElements.define(NAME, KalamnaWidget);
  }
  const key = script.dataset.key ?? source.searchParams.get("key");
  if (!key || document.querySelector(NAME)) return;
  const element = document.createElement(NAME);
  for (const { name, value } of script.attributes)
    if (name.startsWith("data-")) element.setAttribute(name, value);
  element.setAttribute("data-key", key);
  // Beside the body, which pages replace when they navigate without loading.
  document.documentElement.append(element);
}

const script = ownScript();
if (script) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => start(script));
  else start(script);
}
