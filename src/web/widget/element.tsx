/** The custom element: a launcher and a panel in a shadow root, which no style of the page reaches. */
import { render } from "preact";
import { type Config, readConfig } from "./config.ts";
import { type Conversation, conversation, type Exchange, isBusy } from "./conversation.ts";
import { failureText } from "./exchange.tsx";
import { Icon } from "./icons.tsx";
import { Panel, type Shown } from "./panel.tsx";
import css from "./widget.css?inline";

const ATTRIBUTES = [
  ...["key", "url", "lang", "title", "welcome", "placeholder", "strings", "suggestions"],
  ...["theme", "accent", "position", "label", "launcher"],
];

let sheet: CSSStyleSheet | undefined;

export class KalamnaWidget extends HTMLElement {
  static observedAttributes = [...ATTRIBUTES, ...ATTRIBUTES.map((name) => `data-${name}`)];
  /** The address that the script came from. */
  static home = "";

  #root = this.attachShadow({ mode: "open" });
  #config: Config | undefined;
  #conversation: Conversation | undefined;
  #shown: Shown | undefined;
  #announcement = "";
  #frame = 0;
  #clock: ReturnType<typeof setInterval> | undefined;
  #pinned = true;
  #abort = new AbortController();

  connectedCallback(): void {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    this.#root.adoptedStyleSheets = [sheet];
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    for (const type of ["online", "offline"]) addEventListener(type, this.#later, { signal });
    visualViewport?.addEventListener("resize", this.#fit, { signal });
    // A page's keyboard shortcuts must not hear what is typed here.
    for (const type of ["keydown", "keypress", "keyup"])
      this.#root.addEventListener(type, (event) => event.stopPropagation(), { signal });
    this.#root.addEventListener("keydown", this.#keys as EventListener, { signal });
    this.#configure();
  }

  disconnectedCallback(): void {
    this.#abort.abort();
    clearInterval(this.#clock);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  attributeChangedCallback(): void {
    if (this.isConnected && this.#config) this.#configure();
  }

  /** Opens the panel, and asks when there is something to ask. */
  open(question?: string): void {
    this.#conversation?.setOpen(true);
    this.#draw();
    this.#focus();
    if (question) this.#conversation?.ask(question);
  }

  close(): void {
    if (!this.#conversation?.open) return;
    this.#conversation.setOpen(false);
    this.#draw();
    this.#root.querySelector<HTMLElement>(".launcher")?.focus();
  }

  toggle(): void {
    if (this.#conversation?.open) this.close();
    else this.open();
  }

  #configure(): void {
    const read = (name: string) => this.getAttribute(name) ?? this.getAttribute(`data-${name}`);
    const before = this.#config;
    this.#config = readConfig(read, KalamnaWidget.home, document.documentElement.lang);
    const { key, url, open, accent } = this.#config;
    if (accent) this.style.setProperty("--kalamna-accent", accent);
    if (before?.key !== key || before.url !== url) {
      this.#conversation = conversation({ key, url }, () => this.#changed());
      this.#shown = undefined;
    }
    const covers = matchMedia("(max-width: 480px)").matches;
    const was = this.#conversation?.open;
    // On a phone the panel covers the page, and nobody wants to find a page covered.
    if (!before && (covers ? was : open && was === undefined)) this.#conversation?.setOpen(!covers);
    this.#draw();
  }

  #later = (): void => {
    // Many tokens between two frames are one change.
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  };

  #changed(): void {
    this.#announce();
    this.#later();
  }

  /** Tells a screen reader what happens, and the answer once, when it is complete. */
  #announce(): void {
    const last = this.#conversation?.exchanges.at(-1);
    const strings = this.#config?.language.strings;
    if (!last || !strings) {
      this.#announcement = "";
      return;
    }
    if (isBusy(last)) this.#announcement = last.state === "resuming" ? strings.resuming : strings.searching;
    else if (last.state === "failed") this.#announcement = failureText(strings, last.failure, Date.now());
    else if (last.feedback) this.#announcement = last.feedback.asksWhy ? strings.why : strings.thanks;
    else this.#announcement = last.state === "stopped" ? strings.stopped : spoken(last);
  }

  #show = (shown: Shown | undefined): void => {
    const back = this.#shown;
    this.#shown = shown;
    this.#draw();
    if (shown) {
      this.#focus();
      const text = this.#root.querySelector<HTMLElement>(".passage-text");
      const quote = text?.querySelector("mark")?.getBoundingClientRect();
      // The first quoted words, with a little of what stands before them.
      if (text && quote) text.scrollTop = quote.top - text.getBoundingClientRect().top - 60;
    }
    if (!shown && back) this.#root.querySelector<HTMLElement>(".composer textarea")?.focus();
  };

  #draw(): void {
    const config = this.#config;
    const talk = this.#conversation;
    if (!config || !talk) return;
    const { language, theme, position, label, launcher } = config;
    const { strings } = language;
    const log = this.#root.querySelector(".log");
    if (log) this.#pinned = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    const count = log?.querySelectorAll(".exchange").length ?? 0;
    render(
      <div class={`root ${theme} ${position}`} lang={language.code} dir={language.dir}>
        {talk.open && (
          <Panel
            config={config}
            conversation={talk}
            online={navigator.onLine}
            shown={this.#shown}
            announcement={this.#announcement}
            show={this.#show}
            onClose={() => this.close()}
          />
        )}
        {launcher === "auto" && (
          <button
            type="button"
            class={label && !talk.open ? "launcher labelled" : "launcher"}
            aria-label={talk.open ? strings.close : label ? `${label}: ${strings.open}` : strings.open}
            aria-expanded={talk.open === true}
            onClick={() => this.toggle()}
          >
            <Icon name={talk.open ? "close" : "chat"} />
            {label && !talk.open && <span>{label}</span>}
          </button>
        )}
      </div>,
      this.#root,
    );
    this.#scroll(count);
    this.#tick();
  }

  /** To the newest, unless the reader has scrolled away from it. */
  #scroll(before: number): void {
    const log = this.#root.querySelector(".log");
    if (!log || this.#shown) return;
    const asked = log.querySelectorAll(".exchange").length !== before;
    if (this.#pinned || asked) log.scrollTop = log.scrollHeight;
  }

  /** Counts the seconds down until a question may be asked again. */
  #tick(): void {
    const until = this.#conversation?.exchanges.at(-1)?.failure?.retryAt ?? 0;
    const runs = Boolean(this.#conversation?.open) && until > Date.now();
    if (!runs) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    } else this.#clock ??= setInterval(this.#later, 1_000);
  }

  #focus(): void {
    const [first] = this.#root.querySelectorAll<HTMLElement>(
      this.#shown ? ".passage [data-focus]" : "[data-focus]",
    );
    first?.focus();
  }

  /** Above the keyboard of a phone, which covers the page without making it smaller. */
  #fit = (): void => {
    const covered = innerHeight - (visualViewport?.height ?? innerHeight);
    this.style.setProperty("--kalamna-covered", `${Math.max(0, covered)}px`);
  };

  #keys = (event: KeyboardEvent): void => {
    if (!this.#conversation?.open || event.isComposing) return;
    if (event.key === "Escape") {
      if (this.#shown) this.#show(undefined);
      else this.close();
    }
    if (event.key !== "Tab") return;
    // Tab stays in the open panel; Escape leaves it.
    const all = [
      ...this.#root.querySelectorAll<HTMLElement>("button, textarea, input, a[href], [tabindex='0']"),
    ].filter((one) => one.getClientRects().length > 0 && !one.matches(":disabled"));
    const [first] = all;
    const last = all.at(-1);
    const at = this.#root.activeElement;
    if (event.shiftKey ? at === first : at === last) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  };
}

/** An answer as it is read aloud: its text without the marks. */
function spoken({ answer }: Exchange): string {
  return answer.replace(/\[\d+\]|[*_`#>|]/g, "");
}
