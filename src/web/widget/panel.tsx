/** The panel: header, the conversation or one passage of it, and where the next question is written. */
import type { VNode } from "preact";
import type { Source } from "../client/types.ts";
import type { Config } from "./config.ts";
import type { Exchange } from "./conversation.ts";
import { type Conversation, isBusy } from "./conversation.ts";
import { ExchangeView } from "./exchange.tsx";
import { Icon } from "./icons.tsx";
import { Passage } from "./passage.tsx";

/** As many characters as the API takes. */
const LONGEST = 4_000;

export type Shown = { exchange: Exchange; source: Source };

type Props = {
  config: Config;
  conversation: Conversation;
  online: boolean;
  shown: Shown | undefined;
  announcement: string;
  show(shown: Shown | undefined): void;
  onClose(): void;
};

export function Panel(props: Props): VNode {
  const { config, conversation, online, shown, show, announcement, onClose } = props;
  const { strings } = config.language;
  const { exchanges } = conversation;
  return (
    <div class="panel" role="dialog" aria-labelledby="title">
      <header class="head">
        <div class="names">
          <h2 id="title" dir="auto">
            {strings.title}
          </h2>
          {strings.subtitle && <p dir="auto">{strings.subtitle}</p>}
        </div>
        {exchanges.length > 0 && (
          <button
            type="button"
            class="quiet"
            aria-label={strings.newChat}
            title={strings.newChat}
            onClick={() => {
              show(undefined);
              conversation.clear();
            }}
          >
            <Icon name="fresh" />
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-label={strings.close}
          title={strings.close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {!online && (
        <p class="banner" role="status">
          {strings.offline}
        </p>
      )}
      {shown && (
        <Passage
          strings={strings}
          source={shown.source}
          citations={shown.exchange.citations}
          onBack={() => show(undefined)}
        />
      )}
      {/* Stays in the document behind a passage, so that it is where it was. */}
      <div class="log" hidden={shown !== undefined} tabIndex={-1}>
        {exchanges.length === 0 ? (
          <Welcome config={config} conversation={conversation} />
        ) : (
          exchanges.map((exchange, at) => (
            <ExchangeView
              key={at}
              strings={strings}
              exchange={exchange}
              last={at === exchanges.length - 1}
              conversation={conversation}
              onSource={(source) => show({ exchange, source })}
            />
          ))
        )}
      </div>
      <Composer {...props} />
      <div class="hidden" role="status" aria-live="polite">
        {announcement}
      </div>
    </div>
  );
}

function Welcome({ config, conversation }: Pick<Props, "config" | "conversation">): VNode {
  const { strings } = config.language;
  return (
    <div class="welcome">
      <h3 dir="auto">{strings.welcome}</h3>
      {strings.welcomeText && <p dir="auto">{strings.welcomeText}</p>}
      {config.suggestions.length > 0 && (
        <ul aria-label={strings.suggestions}>
          {config.suggestions.map((question) => (
            <li key={question}>
              <button type="button" class="suggestion" dir="auto" onClick={() => conversation.ask(question)}>
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Composer({ config, conversation, online }: Props): VNode {
  const { strings } = config.language;
  const busy = conversation.exchanges.some(isBusy);
  const submit = (form: HTMLFormElement) => {
    const field = form.elements.namedItem("question") as HTMLTextAreaElement;
    if (busy || !online || field.value.trim() === "") return;
    conversation.ask(field.value);
    field.value = "";
    grow(field);
  };
  return (
    <form
      class="composer"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        submit(event.currentTarget as HTMLFormElement);
      }}
    >
      <div class="field">
        <textarea
          name="question"
          rows={1}
          dir="auto"
          maxLength={LONGEST}
          data-focus
          aria-label={strings.placeholder}
          placeholder={strings.placeholder}
          enterkeyhint="send"
          onInput={(event) => grow(event.currentTarget)}
          onKeyDown={(event: KeyboardEvent) => {
            // While an input method composes, Enter chooses a word.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            (event.currentTarget as HTMLTextAreaElement).form?.requestSubmit();
          }}
        />
        {busy ? (
          <button
            type="button"
            class="send"
            aria-label={strings.stop}
            title={strings.stop}
            onClick={() => conversation.stop()}
          >
            <Icon name="stop" />
          </button>
        ) : (
          <button
            type="submit"
            class="send"
            aria-label={strings.send}
            title={strings.send}
            disabled={!online}
          >
            <Icon name="send" />
          </button>
        )}
      </div>
      {strings.disclaimer && <p class="disclaimer">{strings.disclaimer}</p>}
    </form>
  );
}

/** As high as its text, up to a few lines. */
function grow(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
}
