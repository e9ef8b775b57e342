/** The Worker, and at one address an empty one in its place: what this machine itself takes on the way to a model and back. */
import worker from "../../src/worker.ts";
import { EMPTY } from "./empty.ts";

export default {
  ...worker,
  fetch(request, env, execution) {
    if (new URL(request.url).pathname !== EMPTY) return worker.fetch(request, env, execution);
    return fetch(`${env.OPENAI_BASE_URL}/chat/completions`, { method: "POST", body: request.body });
  },
} satisfies ExportedHandler<Record<string, unknown>>;
