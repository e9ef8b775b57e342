/** How the models that an installation offers are written down in its environment. */
import * as z from "zod";

const text = z.string().trim().min(1);

/** The value of a JSON variable; undefined after an issue. */
function readJson(value: string, issue: (message: string) => void): unknown {
  try {
    return JSON.parse(value);
  } catch {
    issue("is not JSON");
    return undefined;
  }
}

const OfferedModel = z.strictObject({
  model: text,
  base_url: z.url().optional(),
  api_key: text.optional(),
});

/** `a,b`, or a JSON array of names and of `{model, base_url, api_key}`. */
export const OfferedModels = text.transform((value, ctx) => {
  const issue = (message: string) => ctx.addIssue({ code: "custom", message });
  const given = value.startsWith("[") ? readJson(value, issue) : value.split(",").map((name) => name.trim());
  if (given === undefined) return z.NEVER;
  const named = z.array(z.union([text.transform((model) => ({ model })), OfferedModel])).safeParse(given);
  if (named.success) return named.data as z.infer<typeof OfferedModel>[];
  issue("each entry must be a name or {model, base_url?, api_key?}");
  return z.NEVER;
});

const Tokens = z.int().positive();

/** One chat model of `CHAT_MODELS`. */
const ChatEntry = z
  .strictObject({
    /** What people choose and answers show. */
    name: text.max(100),
    kind: z.enum(["openai", "azure"]).default("openai"),
    base_url: z.url().optional(),
    /** Name of the variable that holds the key. */
    key: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*KEY$/, "key names a variable such as GEMINI_API_KEY")
      .default("OPENAI_API_KEY"),
    /** What the provider calls it; the name when absent. */
    model: text.optional(),
    deployment: text.optional(),
    api_version: text.optional(),
    limits: z.strictObject({ context: Tokens.optional(), max_output: Tokens.optional() }).optional(),
    /** For a million tokens. */
    price: z.strictObject({ input: z.number().min(0), output: z.number().min(0) }).optional(),
  })
  .superRefine((entry, ctx) => {
    const issue = (message: string) => ctx.addIssue({ code: "custom", message: `${entry.name}: ${message}` });
    const azure = entry.kind === "azure";
    if (azure && !(entry.base_url && entry.deployment && entry.api_version))
      issue("azure needs base_url, deployment and api_version");
    if (!azure && (entry.deployment || entry.api_version)) issue("deployment and api_version are azure's");
    // Our key for one provider is nothing to show another.
    if (entry.key === "OPENAI_API_KEY" ? entry.base_url !== undefined : !entry.base_url)
      issue("base_url and key go together");
  });

export type ChatEntry = z.infer<typeof ChatEntry>;

const ChatEntries = z
  .array(ChatEntry)
  .max(10)
  .refine((entries) => new Set(entries.map(({ name }) => name)).size === entries.length, {
    message: "two have the same name",
  });

/** JSON array in the order in which they are asked; `"offline"` may be the last. */
export const ChatModels = text.transform((value, ctx) => {
  const issue = (message: string) => ctx.addIssue({ code: "custom", message });
  const given = readJson(value, issue);
  if (given === undefined) return z.NEVER;
  // It always answers, so nobody can come behind it.
  const offline = Array.isArray(given) && given.at(-1) === "offline" ? (["offline"] as const) : [];
  const entries = ChatEntries.safeParse(
    Array.isArray(given) ? given.slice(0, given.length - offline.length) : given,
  );
  if (entries.success && entries.data.length + offline.length > 0) return [...entries.data, ...offline];
  if (entries.success) issue("names no model");
  for (const { path, message } of entries.error?.issues ?? []) issue([...path, message].join(" "));
  return z.NEVER;
});
