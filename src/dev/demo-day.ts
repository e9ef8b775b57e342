/** A day at the demo organization: its people and the shop's visitors ask real questions, when they say they did. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { call, json, must } from "./demo-client.ts";
import { type Memory, recall, remember } from "./demo-memory.ts";
import type { Demo } from "./seed.ts";

/** Of the questions of `demo/day.json` on every day but the first, which has all of them. */
const QUESTIONS_A_DAY = 10;
/** A visitor of the shop asks this many, then another one comes. */
const QUESTIONS_A_VISITOR = 3;
/** An answer is kept just after it was given; feedback may come first. Milliseconds, times. */
const PAUSE_MS = 200;
const ATTEMPTS = 25;

const VISITOR = "visitor";

const Question = z.object({
  by: z.string(),
  question: z.string(),
  rating: z.enum(["up", "down"]).optional(),
  reason: z.string().optional(),
  comment: z.string().optional(),
  expected_answer: z.string().optional(),
});
type Question = z.infer<typeof Question>;

const Day = z.object({
  people: z.array(z.object({ name: z.string(), role: z.string() })),
  taught: z.record(z.string(), z.unknown()),
  questions: z.array(Question),
});

const SignedIn = z.object({ token: z.string() });
const Invited = z.object({ invitation: z.unknown() });
const Letters = z.object({ data: z.array(z.object({ text: z.string() })) });
const Answered = z.object({ message_id: z.string() });
const Ready = z.object({ models: z.object({ chat: z.object({ mode: z.string() }) }) });

type Place = { url: string; dataDir: string };

const readDay = async () =>
  Day.parse(JSON.parse(await readFile(join(import.meta.dirname, "../../demo/day.json"), "utf8")));

/**
 * Invites the demo's people, once, and accepts for them: their letters are in the machine's own mailbox.
 * Where letters are really sent nobody is invited.
 * @throws Error when the API refuses
 */
export async function invitePeople({ url, dataDir }: Place, { token, email, password }: Demo): Promise<void> {
  const memory = recall(dataDir);
  if (!memory || memory.people || (await fetch(`${url}/dev/mailbox?to=nobody`)).status !== 200) return;
  const people: Record<string, string> = {};
  const { people: all, taught } = await readDay();
  for (const { name, role } of all) {
    const address = email.replace("demo", (name.split(" ")[0] ?? name).toLowerCase());
    const invited = { email: address, role, access: "internal" };
    people[name] = address;
    const answer = await call(Invited, `${url}/api/v1/employees`, json(invited, token));
    // An earlier start, which was stopped here, got further with this one.
    if ("problem" in answer) continue;
    const letters = must("the mailbox", await call(Letters, `${url}/dev/mailbox?to=${address}`, {}));
    const [secret] = /kal_inv_[\w-]+/.exec(letters.data[0]?.text ?? "") ?? [];
    const joining = json({ token: secret, password, name });
    must("joining", await call(SignedIn, `${url}/api/v1/auth/accept-invite`, joining));
  }
  // Without it, the question is one more that the documents do not answer.
  await call(z.unknown(), `${url}/api/v1/knowledge/answers`, json(taught, token));
  remember(dataDir, { ...memory, people });
}

/**
 * Asks today's questions, one after the other, unless that was done today; for language models somebody pays nothing
 * is asked. Whoever cannot sign in any more does not ask.
 * @throws Error when the stack stops answering
 */
export async function askToday({ url, dataDir }: Place, demo: Demo): Promise<void> {
  const memory = recall(dataDir);
  const today = new Date().toISOString().slice(0, 10);
  if (!memory?.people || memory.asked?.includes(today)) return;
  const ready = must("/health/ready", await call(Ready, `${url}/health/ready`, {}));
  if (ready.models.chat.mode !== "offline") return;
  const { questions } = await readDay();
  const { asked = [] } = memory;
  const askers = await askersOf(url, memory, demo.widgetKey);
  for (const question of dayOf(questions, asked.length)) await askers[question.by]?.(question);
  remember(dataDir, { ...memory, asked: [...asked, today] });
}

/** All of them on the first day; afterwards some, going round. */
function dayOf(questions: Question[], day: number): Question[] {
  if (day === 0) return questions;
  const from = (day - 1) * QUESTIONS_A_DAY;
  return Array.from({ length: QUESTIONS_A_DAY }, (_, at) => questions[(from + at) % questions.length]).filter(
    (question) => question !== undefined,
  );
}

type Asker = (question: Question) => Promise<void>;

async function askersOf(url: string, memory: Memory, widgetKey?: string): Promise<Record<string, Asker>> {
  const askers: Record<string, Asker> = {};
  for (const [name, email] of Object.entries(memory.people ?? {})) {
    const login = json({ email, password: memory.password });
    const answer = await call(SignedIn, `${url}/api/v1/auth/login`, login);
    if ("token" in answer) askers[name] = (question) => ask(url, answer.token, question);
  }
  if (!widgetKey) return askers;
  const origin = { origin: url };
  let token = "";
  let questions = 0;
  askers[VISITOR] = async (question) => {
    if (questions++ % QUESTIONS_A_VISITOR === 0) {
      const { headers, ...rest } = json({ key: widgetKey });
      const init = { ...rest, headers: { ...headers, ...origin } };
      ({ token } = must("a widget token", await call(SignedIn, `${url}/api/v1/widget/token`, init)));
    }
    await ask(url, token, question, origin);
  };
  return askers;
}

async function ask(
  url: string,
  token: string,
  { question, by: _, ...feedback }: Question,
  more: Record<string, string> = {},
): Promise<void> {
  const post = (value: unknown): RequestInit => {
    const { headers, ...rest } = json(value, token);
    return { ...rest, headers: { ...headers, ...more } };
  };
  const chat = post({ message: question, stream: false });
  const { message_id } = must("a question", await call(Answered, `${url}/api/v1/chat`, chat));
  if (!feedback.rating) return;
  const path = `${url}/api/v1/messages/${message_id}/feedback`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const given = await call(z.unknown(), path, post(feedback));
    if (given === null || typeof given !== "object" || !("problem" in given)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
