/** The last thing between a model's words and the reader: no picture, no address the sources do not hold, no HTML. */
import { hostOf, type Links, trimAddress } from "./links.ts";

/** Stands for a citation mark while the text around it is looked at; models cannot write it. */
export const ATOM = "\uFDD0";
const NOTE = "(link removed)";
/** Characters; longer than any address that a source holds and a reader needs. */
const LONGEST = 2_048;

/** Characters before a sign that may decide what it is. */
export const REACH = 300;

const SPECIAL = /[<&[\](:?wWhH]/g;
const ADDRESS = /^[^\s<>"`\uFDD0]+/u;
const AUTOLINK = /^<([a-z][a-z0-9+.-]{1,20}:[^\s<>\uFDD0]*)>/i;
const AUTOLINK_BEGINNING = /^<[a-z][a-z0-9+.-]{0,20}(?::[^\s<>\uFDD0]*)?$/i;
const TARGET =
  /^\]\(\s*(<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/;
const TARGET_BEGINNING =
  /^\]\(\s*(?:<[^<>\n\uFDD0]*>?|[^\s<>\uFDD0]*(?:\s+(?:"[^"\uFDD0]*"?|'[^'\uFDD0]*'?|\([^()\uFDD0]*\)?)?\s*)?)$/;
const ENTITY = /^&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i;
/** With the backslashes that a renderer drops. */
const WEB = /^(?:https?\\?:\\?\/\\?\/|www\\?\.)/i;
const WEB_BEGINNING = /^(?:h|ht|htt|https?(?:\\?:?\\?\/?\\?)?|w{1,3}\\?)$/i;
const SLASHES = /^:\\?\/\\?\//;
const SCHEME_BEFORE = /[a-z][a-z0-9+.-]*\\?$/i;
const BARE_SCHEME_BEFORE = /(?<![a-z0-9])(?:mailto|xmpp|data|javascript|vbscript|file|blob)\\?$/i;
const HOST_BEFORE = /(?:[a-z0-9-]+\.)+[a-z]{2,24}(?::\d+)?(?:\/[^\s<>"`]*)?$/i;
const QUERY = /^\?[^\s<>"`=]*=/;
/** Where a definition `[label]: address` could begin. */
const LINE_BEGINNING = /(?:^|\n)[\s>*+\-\d.)]*$/;
/** What a renderer leaves out of an address at its end. */
const BEHIND = /^[?!.,:*_~'")]*/;
/** Ends an address here, though a renderer would read on. */
const CUTS = [/[[\]{}|\\^'()]/, /[^\x21-\x7e]/, /[^\x21-\x7e]|[[\]{}|\\^'()]/];

/** What stands in the place of the first `length` characters; null: more text decides. */
type Step = { out: string; length: number } | null;
const keep = (rest: string): Step => ({ out: rest.charAt(0), length: 1 });

/** The address, and a space where a renderer would draw what follows into it: it ends at white space or `<` only. */
function apart(out: string, length: number, rest: string, ended: boolean): Step {
  const behind = rest.slice(length).replace(BEHIND, "");
  if (behind === "") return ended ? { out, length } : null;
  return { out: /^[\s<]/.test(behind) ? out : `${out} `, length };
}

export type Defuser = {
  /**
   * Safe text for the beginning of `input`, and how much of it that was; the rest waits for more.
   * @param before the safe text so far, or its last {@link REACH} characters
   * @param ended nothing follows that could belong to it
   */
  prose(input: string, before: string, ended: boolean): { text: string; read: number };
  /** In code, which shows but does not act, only addresses count. Takes whole spans and lines. */
  code(input: string): string;
  /** Addresses taken out. */
  removed(): number;
};

/**
 * - An address stays when exactly it, with its query, stands in `links`. Otherwise its host remains when the sources name
 *   that host, else a note.
 * - `[…](…)` loses its target unless the sources hold it.
 * - Pictures, definitions of targets, tags, comments and entities are broken by a space.
 */
export function defuser(links: Links): Defuser {
  let removed = 0;
  /** Inside an address that was too long to wait for its end. */
  let swallowing = false;

  const instead = (address: string): string => {
    removed++;
    const host = hostOf(address.replaceAll("\\", ""));
    return host !== "" && links.hasHost(host) ? host : NOTE;
  };

  /** @param scheme of the address, already written */
  const address = (rest: string, ended: boolean, scheme = ""): Step => {
    const whole = ADDRESS.exec(rest)?.[0] ?? "";
    if (whole.length >= rest.length && !ended) {
      if (whole.length < LONGEST) return null;
      swallowing = true;
      removed++;
      return { out: NOTE, length: rest.length };
    }
    const full = trimAddress(whole);
    if (links.has(scheme + full)) return apart(full, full.length, rest, ended);
    for (const cut of CUTS) {
      const end = full.search(cut);
      const part = end > 0 ? trimAddress(full.slice(0, end)) : "";
      if (part !== "" && links.has(scheme + part)) return apart(part, part.length, rest, ended);
    }
    const written = trimAddress(/^[\x21-\x7e]*/.exec(full)?.[0] ?? "") || full.slice(0, 1);
    return { out: scheme === "" ? instead(written) : ` ${instead(written)}`, length: written.length };
  };

  const target = (rest: string, ended: boolean): Step => {
    const found = TARGET.exec(rest.slice(0, LONGEST));
    if (found && !found[0].includes(ATOM)) {
      const [{ length }, to = ""] = found;
      const bare = to.replace(/^<|>$/g, "");
      if (links.has(bare)) return apart(`](${to})`, length, rest, ended);
      if (bare !== "") removed++;
      return { out: "]", length };
    }
    const canGoOn = !ended && rest.length < LONGEST && TARGET_BEGINNING.test(rest);
    return canGoOn ? null : { out: "] ", length: 1 };
  };

  const rules: Record<string, (rest: string, before: string, ended: boolean) => Step> = {
    "<"(rest, _, ended) {
      if (!ended && rest.length < LONGEST && (rest.length === 1 || AUTOLINK_BEGINNING.test(rest)))
        return null;
      const [whole, to] = AUTOLINK.exec(rest) ?? [];
      if (whole !== undefined && to !== undefined)
        return { out: links.has(to) ? whole : instead(to), length: whole.length };
      return /^<[a-z/!?]/i.test(rest) ? { out: "< ", length: 1 } : keep(rest);
    },
    "&"(rest, _, ended) {
      if (!ended && rest.length < 34 && /^&#?[a-z\d]*$/i.test(rest)) return null;
      return ENTITY.test(rest) ? { out: "& ", length: 1 } : keep(rest);
    },
    "["(rest, before) {
      return before.endsWith("!") ? { out: " [", length: 1 } : keep(rest);
    },
    "]"(rest, _, ended) {
      if (!ended && rest.length === 1) return null;
      return rest.charAt(1) === "(" ? target(rest, ended) : keep(rest);
    },
    // What may be a link's target was read with the bracket before it.
    "(": (rest, before) => (/[\]\uFDD0]$/.test(before) ? { out: " (", length: 1 } : keep(rest)),
    ":"(rest, before, ended) {
      if (before.endsWith("]")) return { out: " :", length: 1 };
      if (before.endsWith(ATOM))
        return LINE_BEGINNING.test(before.slice(0, -1)) ? { out: " :", length: 1 } : keep(rest);
      const [scheme] = SCHEME_BEFORE.exec(before) ?? [];
      if (scheme === undefined) return keep(rest);
      if (!ended && /^:[\\/]{0,3}$/.test(rest)) return null;
      const begins = BARE_SCHEME_BEFORE.test(before) ? /^:\S/ : SLASHES;
      return begins.test(rest) ? address(rest, ended, scheme) : keep(rest);
    },
    "?"(rest, before, ended) {
      const [host] = HOST_BEFORE.exec(before) ?? [];
      if (host === undefined) return keep(rest);
      const whole = ADDRESS.exec(rest)?.[0] ?? "";
      if (whole.length >= rest.length && !ended && whole.length < LONGEST) return null;
      if (!QUERY.test(whole)) return keep(rest);
      const query = trimAddress(whole);
      if (links.has(host + query)) return { out: query, length: query.length };
      removed++;
      return { out: "", length: query.length };
    },
    h: web,
    w: web,
  };
  function web(rest: string, before: string, ended: boolean): Step {
    if (/[a-z0-9]/i.test(before.slice(-1))) return keep(rest);
    if (!ended && WEB_BEGINNING.test(rest)) return null;
    return WEB.test(rest) ? address(rest, ended) : keep(rest);
  }

  return {
    prose(input, before, ended) {
      let text = "";
      let at = 0;
      while (at < input.length) {
        if (swallowing) {
          at += ADDRESS.exec(input.slice(at))?.[0].length ?? 0;
          swallowing = at >= input.length;
          continue;
        }
        SPECIAL.lastIndex = at;
        const next = SPECIAL.exec(input)?.index ?? input.length;
        text += input.slice(at, next);
        at = next;
        const rest = input.slice(at);
        if (rest === "") break;
        const rule = rules[rest.charAt(0).toLowerCase()] ?? keep;
        const step = rule(rest, (before + text).slice(-REACH), ended);
        if (!step) break;
        text += step.out;
        at += step.length;
      }
      return { text, read: at };
    },
    code: (input) =>
      input.replace(/(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>"`]*/gi, (token) => {
        const found = trimAddress(token);
        return (links.has(found) ? found : instead(found)) + token.slice(found.length);
      }),
    removed: () => removed,
  };
}
