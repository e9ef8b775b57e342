/** One line of a log, which opens to everything that it says. */
import { currentLanguage, words } from "../../../ui/words.ts";
import type { LogLine, Severity } from "./types.ts";

const t = words({
  unknown: ["no severity", "بلا خطورة"],
  always: ["no time", "بلا وقت"],
});

const badgeOf = (severity: Severity | null): string =>
  severity === "error" || severity === "fatal"
    ? "badge danger"
    : severity === "warn"
      ? "badge warn"
      : "badge";

/** To the second, with the day: lines of an incident stand close together. */
const moment = (iso: string): string =>
  new Intl.DateTimeFormat(currentLanguage() === "ar" ? "ar-u-nu-latn" : "en", {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));

export function Line({ line: { time, severity, message, attributes } }: { line: LogLine }) {
  return (
    <li>
      <details class="log-line">
        <summary>
          {time ? (
            <time class="nobreak muted small" dateTime={time}>
              {moment(time)}
            </time>
          ) : (
            <span class="muted small">{t("always")}</span>
          )}
          <span class={badgeOf(severity)}>{severity ?? t("unknown")}</span>
          <span class="log-message mono" dir="ltr">
            {message}
          </span>
        </summary>
        <dl dir="ltr">
          {time && (
            <div>
              <dt>time</dt>
              <dd>{time}</dd>
            </div>
          )}
          {Object.entries(attributes).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{String(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}
