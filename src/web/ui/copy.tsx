/** Copies a text, and says that it did. */
import { useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { words } from "./words.ts";

const t = words({ copy: ["Copy", "نسخ"], copied: ["Copied", "تم النسخ"] });

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  const said = copied ? t("copied") : (label ?? t("copy"));
  return (
    <button type="button" class="button small" onClick={() => void copy()}>
      <Icon name={copied ? "check" : "copy"} />
      <span aria-live="polite">{said}</span>
    </button>
  );
}

/** A text to take along as it is: a key, a snippet. */
export function CopyBox({ text }: { text: string }) {
  return (
    <div class="copybox">
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} />
    </div>
  );
}
