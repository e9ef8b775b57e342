/** The visitor's conversation: what was asked, how each answer goes, and what they can do about it. */
import { type Client, connect } from "../client/client.ts";
import { Failure } from "../client/failure.ts";
import type { Answer, Citation, FeedbackInput, Source } from "../client/types.ts";
import type { Config } from "./config.ts";
import { recall, remember, tokenStore, type Visit } from "./visit.ts";

export type Exchange = {
  question: string;
  answer: string;
  sources: Source[];
  citations: Citation[];
  state: "searching" | "reading" | "answering" | "resuming" | "done" | "stopped" | "failed";
  /** It states something, and no citation stands behind any of it. */
  unconfirmed: boolean;
  messageId?: string;
  failure?: { code: string; requestId?: string | undefined /** Epoch, ms. */; retryAt?: number | undefined };
  feedback?: { rating: "up" | "down"; asksWhy: boolean };
};

export type Conversation = {
  readonly exchanges: readonly Exchange[];
  ask(question: string): void;
  stop(): void;
  /** Asks the last question again. */
  retry(): void;
  /** Begins afresh; the server keeps its own history. */
  clear(): void;
  rate(exchange: Exchange, input: FeedbackInput): void;
  /** Undefined until somebody has opened or closed it in this visit. */
  readonly open: boolean | undefined;
  setOpen(open: boolean): void;
};

export const isBusy = ({ state }: Exchange) => !["done", "stopped", "failed"].includes(state);

/** @param changed called after every change */
export function conversation(config: Pick<Config, "key" | "url">, changed: () => void): Conversation {
  const { key, url } = config;
  const client: Client = connect({ key, url }, tokenStore(key));
  let visit: Visit = recall(key);
  let session = client.session(visit.session);
  let answer: Answer | undefined;

  const save = () => remember(key, { ...visit, session: session.id });
  const change = () => {
    save();
    changed();
  };
  const current = () => visit.exchanges.find(isBusy);

  async function follow(exchange: Exchange, coming: Answer): Promise<void> {
    answer = coming;
    let resumed = false;
    try {
      for await (const event of coming) {
        if (event.type === "resumed") resumed = true;
        else if (event.type === "sources") {
          exchange.sources = event.sources;
          if (event.message_id) exchange.messageId = event.message_id;
          exchange.state = exchange.answer === "" ? "reading" : "answering";
          // From here on a page that comes back finds the answer again.
          save();
        } else if (event.type === "token") {
          exchange.answer += event.text;
          exchange.state = "answering";
        } else if (event.type === "citation") exchange.citations.push(event.citation);
        else {
          exchange.answer = event.answer;
          exchange.unconfirmed = !event.grounded && event.supported !== null;
          if (event.message_id) exchange.messageId = event.message_id;
          exchange.state = "done";
          // Our silence was taken for a wish that it stop.
          if (event.stopped) throw resumed ? new Failure("interrupted", "") : stopped;
        }
        changed();
      }
      if (isBusy(exchange)) exchange.state = "stopped";
    } catch (thrown) {
      exchange.state = thrown === stopped ? "stopped" : "failed";
      if (thrown !== stopped) exchange.failure = failure(thrown);
    }
    if (answer === coming) answer = undefined;
    change();
  }

  /** An answer that was coming when the page went away. */
  function takeUp(): void {
    const exchange = current();
    if (!exchange) return;
    exchange.state = "resuming";
    exchange.answer = "";
    exchange.citations = [];
    void follow(exchange, session.resume(exchange.messageId));
  }

  const result: Conversation = {
    get exchanges() {
      return visit.exchanges;
    },
    get open() {
      return visit.open;
    },
    ask(question) {
      const asked = question.trim();
      if (asked === "" || current()) return;
      const exchange: Exchange = {
        question: asked,
        answer: "",
        sources: [],
        citations: [],
        state: "searching",
        unconfirmed: false,
      };
      visit.exchanges.push(exchange);
      change();
      void follow(exchange, session.ask(asked));
    },
    stop: () => answer?.stop(),
    retry() {
      const last = visit.exchanges.at(-1);
      if (!last || isBusy(last)) return;
      visit.exchanges.pop();
      result.ask(last.question);
    },
    clear() {
      answer?.stop();
      visit = { ...visit, exchanges: [] };
      session = client.session();
      change();
    },
    rate(exchange, input) {
      if (!exchange.messageId) return;
      const before = exchange.feedback;
      exchange.feedback = { rating: input.rating, asksWhy: input.rating === "down" && !input.reason };
      change();
      client.feedback(exchange.messageId, input).catch(() => {
        // Not noted: the thumbs are there to be pressed again.
        if (before) exchange.feedback = before;
        else delete exchange.feedback;
        change();
      });
    },
    setOpen(open) {
      visit.open = open;
      change();
    },
  };
  takeUp();
  return result;
}

const stopped = Symbol("stopped");

function failure(thrown: unknown): NonNullable<Exchange["failure"]> {
  if (!(thrown instanceof Failure)) return { code: "failed" };
  const { code, requestId, retryAfter } = thrown;
  return { code, requestId, retryAt: retryAfter === undefined ? undefined : Date.now() + retryAfter * 1_000 };
}
