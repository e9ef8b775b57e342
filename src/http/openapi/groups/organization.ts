/** Reference: the organization: its settings, models, identity provider, what it has used, and its end. */
import * as z from "zod";
import { ACCESS_LEVELS, ROLES } from "../../../context.ts";
import { ALGORITHMS, type IdentityView } from "../../../domain/identity/provider.ts";
import type { Measure, Usage } from "../../../domain/limits/usage.ts";
import type { ChatView } from "../../../domain/models/chat-view.ts";
import type { ModelsView } from "../../../domain/models/view.ts";
import type { endingOf } from "../../../domain/organizations/ending.ts";
import type { OrgSettings } from "../../../domain/organizations/settings.ts";
import type { OrganizationView } from "../../../domain/organizations/view.ts";
import { exactly, group, id, moment } from "../entry.ts";
import { A } from "../examples.ts";
import { Ended, Requested } from "../organization-deletion.ts";

const Settings = exactly<OrgSettings>()(
  z.strictObject({
    internal_domains: z
      .array(z.string())
      .describe(
        "A verified e-mail in one of these makes its owner internal, unless an admin decided otherwise.",
      ),
    allowed_origins: z.array(z.string()).describe("Pages that may call the API from a browser."),
    over_budget: z
      .enum(["extractive", "refuse"])
      .describe("Past the month's tokens: quote without a model, or refuse."),
    embeddings_api: z.boolean().describe("May software have texts embedded at `POST /v1/embeddings`?"),
    answer_instructions: z
      .string()
      .nullable()
      .describe("How answers are to be written, in the organization's own words."),
    finish_answers: z.boolean().describe("Is an answer finished and kept when its reader goes away?"),
    admins_read_sessions: z.boolean().describe("May admins read the conversations of others?"),
    history_days: z.int().nullable().describe("After how many days conversations are forgotten."),
    min_score: z.number().nullable().describe("Passages that answer less of a question are left out."),
    rerank: z.boolean().describe("May found passages be read once more, where somebody is there to do it?"),
    answer_cache: z.enum(["on", "off"]).describe("May answers be kept for whoever asks the same?"),
    answer_cache_hours: z.int().describe("For so long at most."),
    chat_models: z
      .array(z.string())
      .describe("In the order in which they are asked; none for the installation's."),
  }),
).meta({ id: "Settings" });

const Organization = exactly<OrganizationView>()(
  z.strictObject({
    id,
    name: z.string(),
    created_at: moment,
    settings: Settings.exactOptional().describe("Admins only."),
  }),
).meta({ id: "Organization" });

const embedding = exactly<ModelsView["embedding"]>()(
  z.strictObject({
    offered: z.array(
      z.strictObject({ model: z.string(), mode: z.enum(["offline", "openai"]), default: z.boolean() }),
    ),
    current: z.string().nullable().describe("Null while the organization has published nothing."),
    available: z.boolean().describe("False: nobody offers it any more, and words alone find."),
    chunks: z.strictObject({ total: z.int(), embedded: z.int() }),
    estimate: z.strictObject({ tokens: z.int() }).describe("What embedding everything anew takes, about."),
    change: z
      .strictObject({
        id,
        phase: z.enum(["embedding", "removing"]),
        target: z.string().nullable(),
        progress: z.strictObject({ done: z.int(), total: z.int() }),
        tokens: z.strictObject({ spent: z.int(), left: z.int() }),
        failure: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
        started_at: moment.nullable(),
      })
      .nullable(),
  }),
);

const chat = exactly<ChatView>()(
  z.strictObject({
    offered: z.array(
      z.strictObject({
        model: z.string(),
        mode: z.enum(["offline", "openai"]),
        default: z.boolean(),
        context: z.int().nullable().describe("Tokens."),
        max_output: z.int().nullable(),
        price: z
          .strictObject({ input: z.number(), output: z.number() })
          .nullable()
          .describe("For a million tokens."),
        state: z.enum(["closed", "open", "half_open", "misconfigured"]),
      }),
    ),
    chosen: z.array(z.string()).describe("The organization's own order; empty for the installation's."),
    chain: z.array(z.string()).describe("Who is asked, in this order."),
  }),
);

const Models = z.strictObject({ embedding, chat }).meta({ id: "Models" });
const Changed = z.strictObject({ models: z.strictObject({ embedding }) });

const values = <T extends z.ZodType>(target: T) => z.record(z.string(), target);
const Identity = exactly<IdentityView>()(
  z.strictObject({
    id,
    issuer: z.string(),
    audience: z.string(),
    jwks_uri: z.string().nullable(),
    algorithms: z.array(z.enum(ALGORITHMS)),
    claims: z.strictObject({
      email: z.string(),
      email_verified: z.string(),
      role: z.strictObject({
        claim: z.string().optional(),
        values: values(z.enum(ROLES)),
        default: z.enum(ROLES),
      }),
      access: z
        .strictObject({
          claim: z.string(),
          values: values(z.enum(ACCESS_LEVELS)),
          default: z.enum(ACCESS_LEVELS),
        })
        .optional(),
      groups: z.strictObject({ claim: z.string(), values: values(id) }).optional(),
    }),
    domains: z.array(z.string()),
    status: z.enum(["active", "disabled"]),
    created_at: moment,
    updated_at: moment,
  }),
).meta({ id: "IdentityProvider" });

const measure = (what: string) =>
  exactly<Measure>()(z.strictObject({ used: z.int(), limit: z.int().nullable() })).describe(what);
const UsageShape = exactly<Usage>()(
  z.strictObject({
    documents: measure("As they are now."),
    storage_bytes: measure("As they are now."),
    questions: measure("Of this month."),
    tokens: measure("Of this month, of the language model, both ways."),
    month: z.string(),
    resets_at: moment,
  }),
).meta({ id: "Usage" });

const Ending = exactly<Awaited<ReturnType<typeof endingOf>>>()(
  z.strictObject({
    status: z.enum(["deleted", "deleting"]),
    deleted: z.strictObject({
      organization: z.strictObject({ id }),
      requested_by: z.strictObject({ kind: z.enum(["user", "superadmin"]), id }),
      deleted_at: moment,
      completed_at: moment.nullable(),
      rows: z.record(z.string(), z.int()),
      files: z.int().nullable(),
    }),
    receipt: z.string().exactOptional(),
  }),
);

export const organization = group(
  "Organization",
  "Its settings, models, identity provider, usage, and its end.",
  {
    "GET /api/v1/org": {
      id: "getOrganization",
      summary: "One's organization",
      answers: {
        200: z.strictObject({
          org: Organization,
          limits: z.strictObject({ file_bytes: z.int().describe("The largest file that is taken.") }),
        }),
      },
    },
    "PATCH /api/v1/org": {
      id: "changeOrganization",
      summary: "Change name and settings",
      description: "New internal domains count at once: whoever's access changes signs in again.",
      answers: { 200: z.strictObject({ org: Organization, access_changed: z.int() }) },
      example: { body: { settings: { internal_domains: [A.domain], over_budget: "extractive" } } },
    },
    "DELETE /api/v1/org": {
      id: "deleteOrganization",
      summary: "Delete the organization with everything in it",
      description:
        "In two steps: without a body it gives a confirmation, which is sent back within ten minutes.",
      answers: { 202: z.union([Requested, Ended]), 200: Ended },
      errors: ["invalid_confirmation"],
    },
    "GET /api/v1/org/deletion": {
      id: "getOrganizationDeletion",
      summary: "How far the deletion of an organization is",
      description: "With the confirmation of the deletion as bearer token, since every account is gone.",
      answers: { 200: Ending },
      errors: ["not_found", "rate_limited"],
      example: { headers: { authorization: `Bearer ${A.confirmation}` } },
    },
    "GET /api/v1/models": {
      id: "getModels",
      summary: "Which models are offered and used",
      answers: { 200: z.strictObject({ models: Models }) },
    },
    "POST /api/v1/models/embedding": {
      id: "changeEmbeddingModel",
      summary: "Change the embedding model",
      description: "In the background; the old one answers until the last passage is done.",
      answers: { 202: Changed },
      errors: ["change_running"],
      example: { body: { model: A.embeddingModel } },
    },
    "DELETE /api/v1/models/embedding/change": {
      id: "cancelEmbeddingChange",
      summary: "Call a change of model off",
      answers: { 200: Changed },
      errors: ["not_found"],
    },
    "GET /api/v1/identity": {
      id: "getIdentityProvider",
      summary: "The organization's identity provider",
      description: "`identity` is null when none is connected.",
      answers: { 200: z.strictObject({ identity: Identity.nullable() }) },
    },
    "PUT /api/v1/identity": {
      id: "connectIdentityProvider",
      summary: "Connect an identity provider",
      description: "Its access tokens then sign people of `domains` in, and make accounts for new ones.",
      answers: { 200: z.strictObject({ identity: Identity }) },
      errors: ["issuer_taken", "identity_provider_failed", "url_refused"],
      example: { body: { issuer: A.issuer, audience: "kalamna", domains: [A.domain] } },
    },
    "DELETE /api/v1/identity": {
      id: "disconnectIdentityProvider",
      summary: "Disconnect the identity provider",
      answers: { 200: z.strictObject({ deleted: z.literal(true) }) },
      errors: ["not_found"],
    },
    "GET /api/v1/usage": {
      id: "getUsage",
      summary: "What the organization has used of what it may",
      answers: { 200: UsageShape },
    },
  },
);
