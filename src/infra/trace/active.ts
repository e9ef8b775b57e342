/** The span that whatever runs right now is part of, for what is too far below to be handed it. */
import { AsyncLocalStorage } from "node:async_hooks";
import { NO_SPAN, type Span } from "./port.ts";

const current = new AsyncLocalStorage<Span>();

export const activeSpan = (): Span => current.getStore() ?? NO_SPAN;

/** The active span, or `otherwise` outside of every span: streams are read by whoever reads them. */
export const activeOr = (otherwise: Span): Span => current.getStore() ?? otherwise;

export const activate = <T>(span: Span, work: () => T): T => current.run(span, work);
