/** The HTTP face: the order of middleware and which routes are mounted where. Built once per isolate. */
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { AppError, toAppError } from "../errors.ts";
import { failureFields } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import { consolePage } from "./console-page.ts";
import { cors } from "./cors.ts";
import { failureResponse } from "./failure.ts";
import { hardening } from "./hardening.ts";
import { limitHeaders } from "./limits.ts";
import { requestLog } from "./log.ts";
import { analytics } from "./routes/analytics.ts";
import { ask } from "./routes/ask.ts";
import { audit } from "./routes/audit.ts";
import { auth } from "./routes/auth.ts";
import { batches } from "./routes/batches.ts";
import { bulkDocuments } from "./routes/bulk.ts";
import { chat } from "./routes/chat.ts";
import { deletions } from "./routes/deletions.ts";
import { dev, refuseDeployed } from "./routes/dev.ts";
import { dify } from "./routes/dify.ts";
import { documentVersions } from "./routes/document-versions.ts";
import { documents } from "./routes/documents.ts";
import { employees } from "./routes/employees.ts";
import { evals } from "./routes/evals.ts";
import { feedback, messageFeedback } from "./routes/feedback.ts";
import { groups } from "./routes/groups.ts";
import { health } from "./routes/health.ts";
import { identity } from "./routes/identity.ts";
import { apiKeys, widget, widgetKeys } from "./routes/keys.ts";
import { knowledge } from "./routes/knowledge.ts";
import { logs } from "./routes/logs.ts";
import { mcp, protectedResources } from "./routes/mcp.ts";
import { models } from "./routes/models.ts";
import { openai } from "./routes/openai.ts";
import { org } from "./routes/org.ts";
import { platform } from "./routes/platform.ts";
import { quotas } from "./routes/quotas.ts";
import { sources } from "./routes/sources.ts";
import { token, wellKnown } from "./routes/token.ts";
import { usage } from "./routes/usage.ts";
import { webhooks } from "./routes/webhooks.ts";
import type { HttpEnv } from "./types.ts";

/** Build it once: 60 routes cost more than a request. */
export function createApp(runtime: Runtime): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();

  app.use(requestLog(runtime));
  app.use(limitHeaders, hardening, cors);

  if (runtime.mailbox) app.use(refuseDeployed).route("/dev", dev);
  app.route("/health", health);
  app.route("/.well-known", wellKnown);
  app.route("/.well-known/oauth-protected-resource", protectedResources);
  app.route("/api/v1/analytics", analytics);
  app.route("/api/v1/auth/token", token);
  app.route("/api/v1/auth", auth);
  app.route("/api/v1/audit", audit);
  app.route("/api/v1/batches", batches);
  app.route("/api/v1/chat", chat);
  app.route("/api/v1/documents/bulk", bulkDocuments);
  app.route("/api/v1/deletions", deletions);
  app.route("/api/v1/documents", documents);
  app.route("/api/v1/documents", documentVersions);
  app.route("/api/v1/employees", employees);
  app.route("/api/v1/evals", evals);
  app.route("/api/v1/feedback", feedback);
  app.route("/api/v1/messages", messageFeedback);
  app.route("/api/v1/groups", groups);
  app.route("/api/v1/knowledge", knowledge);
  app.route("/api/v1/logs", logs);
  app.route("/api/v1/models", models);
  app.route("/api/v1/org", org);
  app.route("/api/v1/admin", platform);
  app.route("/api/v1/identity", identity);
  app.route("/api/v1/admin", quotas);
  app.route("/api/v1/api-keys", apiKeys);
  app.route("/api/v1/widget-keys", widgetKeys);
  app.route("/api/v1/widget", widget);
  app.route("/api/v1/sources", sources);
  app.route("/api/v1/usage", usage);
  app.route("/api/v1/webhooks", webhooks);
  app.route("/api/v1", ask);
  app.route("/v1", openai);
  app.route("/retrieval", dify);
  app.route("/mcp", mcp);

  app.notFound(async (c) => {
    const allowed = methodsAt(app, c.req.path);
    const page = allowed.length === 0 && (await consolePage(c, runtime));
    if (page) return page;
    if (allowed.length === 0) {
      return failureResponse(
        new AppError("not_found", { detail: "No such path." }),
        c.var.base.requestId,
        c.req.path,
      );
    }
    const detail = `This path answers ${allowed.join(", ")}.`;
    const response = failureResponse(
      new AppError("method_not_allowed", { detail }),
      c.var.base.requestId,
      c.req.path,
    );
    response.headers.set("allow", allowed.join(", "));
    return response;
  });

  app.onError((thrown, c) => {
    const error = thrown instanceof HTTPException ? httpFailure(thrown) : toAppError(thrown);
    c.var.log.add(failureFields(error));
    return failureResponse(error, c.var.base.requestId, c.req.path);
  });

  return app;
}

/** Hono's validator throws its own exception for a body that is not JSON. */
function httpFailure(thrown: HTTPException): AppError {
  return thrown.status === 400 ? new AppError("malformed_json", { cause: thrown }) : toAppError(thrown);
}

/** The methods of the routes whose pattern matches `path`; middleware (method ALL) does not count. */
function methodsAt(app: Hono<HttpEnv>, path: string): string[] {
  const methods = app.routes
    .filter(({ method, path: pattern }) => method !== "ALL" && matches(pattern, path))
    .map(({ method }) => method);
  return [...new Set(methods)];
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.replace(/\/$/, "").split("/");
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith(":") || part === given[at])
  );
}
