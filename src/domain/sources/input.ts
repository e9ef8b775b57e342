/** What people say about an address that documents shall come from. */
import * as z from "zod";
import { GONE_CHOICES } from "../../infra/db/schema.ts";
import { Labels, Name } from "../documents/labels.ts";
import { Address } from "./address.ts";

export const MAX_CRAWL_PAGES = 5_000;
/** As many as a sitemap may list (sitemaps.org). */
export const MAX_SITEMAP_PAGES = 50_000;

/** The beginning of a path (`/docs/`) or of a whole address. */
const Prefixes = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(500)
      .regex(/^(\/|https?:\/\/)/, "must begin with / or https://"),
  )
  .max(50);

const scope = {
  /** Other hosts are not visited; `www.` is the same host. */
  same_host: z.boolean().default(true),
  include: Prefixes.default([]),
  exclude: Prefixes.default([]),
};

const Sitemap = z.strictObject({
  url: Address,
  limit: z.int().min(1).max(MAX_SITEMAP_PAGES).default(MAX_SITEMAP_PAGES),
  ...scope,
});

const Crawl = z.strictObject({
  url: Address,
  /** Links away from the first page. */
  depth: z.int().min(0).max(5).default(3),
  limit: z.int().min(1).max(MAX_CRAWL_PAGES).default(500),
  ...scope,
});

/** The address alone stands for an object with nothing but the address. */
const orAddress = <T extends z.ZodType>(schema: T) =>
  z.preprocess((given) => (typeof given === "string" ? { url: given } : given), schema);

/** Minutes between two visits; not more often than every quarter of an hour, not less than once a year. */
const RefreshEvery = z.int().min(15).max(527_040).nullable();
const OnGone = z.enum(GONE_CHOICES);

/** `POST documents` and `POST sources` with an address instead of content. */
export const SourceInput = Labels.extend({
  url: Address.optional(),
  sitemap: orAddress(Sitemap).optional(),
  crawl: orAddress(Crawl).optional(),
  /** Of the document, or of the whole source. */
  name: Name.optional(),
  refresh_every: RefreshEvery.optional(),
  on_gone: OnGone.optional(),
}).superRefine((input, ctx) => {
  const given = (["url", "sitemap", "crawl"] as const).filter((key) => input[key] !== undefined);
  if (given.length !== 1) ctx.addIssue({ code: "custom", message: "name one of url, sitemap and crawl" });
  if (input.external_id !== undefined && input.url === undefined) {
    const message = "names one document, so it goes with url alone";
    ctx.addIssue({ code: "custom", path: ["external_id"], message });
  }
});
export type SourceInput = z.output<typeof SourceInput>;

/** `PATCH sources/:id`; what is left out stays. */
export const SourceChanges = Labels.omit({ external_id: true, lane: true })
  .extend({
    name: Name.nullable().optional(),
    refresh_every: RefreshEvery.optional(),
    on_gone: OnGone.optional(),
    /** Of a sitemap or crawl, for its next run. */
    depth: z.int().min(0).max(5).optional(),
    limit: z.int().min(1).max(MAX_SITEMAP_PAGES).optional(),
    same_host: z.boolean().optional(),
    include: Prefixes.optional(),
    exclude: Prefixes.optional(),
  })
  .strict()
  .refine((input) => Object.values(input).some((value) => value !== undefined), {
    message: "say what to change",
  });
export type SourceChanges = z.output<typeof SourceChanges>;
