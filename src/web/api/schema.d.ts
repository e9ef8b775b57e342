/** The API as TypeScript types. Written by `npm run docs` from the OpenAPI document; a test compares. */

export interface paths {
  "/.well-known/jwks.json": {
    /** Public keys of access tokens and deletion receipts */
    get: operations["jwks"];
  };
  "/.well-known/oauth-protected-resource": {
    /** How to get in, for MCP clients */
    get: operations["protectedResource"];
  };
  "/.well-known/oauth-protected-resource/mcp": {
    /** The same, at the address that belongs to /mcp */
    get: operations["protectedResourceMcp"];
  };
  "/api/v1/admin/orgs": {
    /** List organizations with what they use */
    get: operations["listOrganizations"];
  };
  "/api/v1/admin/orgs/{id}": {
    /** Suspend an organization, or let it go on */
    patch: operations["changeOrganizationStatus"];
    /** Delete an organization with everything in it */
    delete: operations["deleteAnyOrganization"];
  };
  "/api/v1/admin/orgs/{id}/quotas": {
    /** What one organization may use */
    get: operations["getOrganizationQuota"];
    /** Set what one organization may use */
    put: operations["setOrganizationQuota"];
  };
  "/api/v1/admin/quotas": {
    /** What every organization may use */
    get: operations["getQuota"];
    /** Set what every organization may use */
    put: operations["setQuota"];
  };
  "/api/v1/analytics/channels": {
    /** Through which door people ask */
    get: operations["getChannelUse"];
  };
  "/api/v1/analytics/documents": {
    /** Which documents answers come from */
    get: operations["getDocumentUse"];
  };
  "/api/v1/analytics/employees": {
    /** Who asks */
    get: operations["getEmployeeUse"];
  };
  "/api/v1/analytics/gaps": {
    /** What the documents leave open */
    get: operations["getGaps"];
  };
  "/api/v1/analytics/ingestion": {
    /** How documents come through */
    get: operations["getIngestion"];
  };
  "/api/v1/analytics/questions": {
    /** What people ask most */
    get: operations["getTopQuestions"];
  };
  "/api/v1/analytics/recall": {
    /** How much of what is nearest a search finds */
    get: operations["getRecall"];
  };
  "/api/v1/analytics/summary": {
    /** How questions were answered */
    get: operations["getSummary"];
  };
  "/api/v1/analytics/usage": {
    /** Questions over time */
    get: operations["getQuestionSeries"];
  };
  "/api/v1/api-keys": {
    /** Make an API key */
    post: operations["createApiKey"];
    /** List API keys */
    get: operations["listApiKeys"];
  };
  "/api/v1/api-keys/{id}": {
    /** Revoke an API key */
    delete: operations["revokeApiKey"];
  };
  "/api/v1/api-keys/{id}/rotate": {
    /** Give a key a new secret */
    post: operations["rotateApiKey"];
  };
  "/api/v1/audit": {
    /** Who did what */
    get: operations["listAudit"];
  };
  "/api/v1/audit/actions": {
    /** What has happened at all */
    get: operations["listAuditActions"];
  };
  "/api/v1/audit/export": {
    /** The whole audit log */
    get: operations["exportAudit"];
  };
  "/api/v1/audit/verify": {
    /** Has anybody tampered with the audit log? */
    get: operations["verifyAudit"];
  };
  "/api/v1/auth/accept-invite": {
    /** Turn an invitation into an account */
    post: operations["acceptInvite"];
  };
  "/api/v1/auth/login": {
    /** Sign in with e-mail and password */
    post: operations["login"];
  };
  "/api/v1/auth/logout": {
    /** End this session */
    post: operations["logout"];
  };
  "/api/v1/auth/logout-all": {
    /** End every session and every access token */
    post: operations["logoutEverywhere"];
  };
  "/api/v1/auth/me": {
    /** Who one is */
    get: operations["me"];
    /** Change what one is called */
    patch: operations["renameMe"];
  };
  "/api/v1/auth/password": {
    /** Change one's password */
    post: operations["changePassword"];
  };
  "/api/v1/auth/password/forgot": {
    /** Send a code to set a new password with */
    post: operations["forgotPassword"];
  };
  "/api/v1/auth/password/reset": {
    /** Set a new password with the code */
    post: operations["resetPassword"];
  };
  "/api/v1/auth/refresh": {
    /** Exchange a refresh token for new tokens */
    post: operations["refresh"];
  };
  "/api/v1/auth/register": {
    /** Create an organization and its first admin */
    post: operations["register"];
  };
  "/api/v1/auth/resend-code": {
    /** Send the verification code again */
    post: operations["resendCode"];
  };
  "/api/v1/auth/sessions": {
    /** Where one is signed in */
    get: operations["listSessions"];
  };
  "/api/v1/auth/sessions/{id}": {
    /** End one session */
    delete: operations["endSession"];
  };
  "/api/v1/auth/token": {
    /** Sign in as OAuth 2 clients do */
    post: operations["token"];
  };
  "/api/v1/auth/verify-email": {
    /** Confirm an e-mail with the code that was sent to it */
    post: operations["verifyEmail"];
  };
  "/api/v1/batches": {
    /** List batches */
    get: operations["listBatches"];
  };
  "/api/v1/batches/{id}": {
    /** How a batch is doing */
    get: operations["getBatch"];
    /** Delete a batch and its documents */
    delete: operations["deleteBatch"];
  };
  "/api/v1/batches/{id}/cancel": {
    /** Stop a batch */
    post: operations["cancelBatch"];
  };
  "/api/v1/batches/{id}/events": {
    /** Watch a batch */
    get: operations["watchBatch"];
  };
  "/api/v1/batches/{id}/items": {
    /** List a batch's lines */
    get: operations["listBatchItems"];
  };
  "/api/v1/batches/{id}/requeue": {
    /** Read a batch's failed documents again */
    post: operations["requeueBatch"];
  };
  "/api/v1/chat": {
    /** Ask in a conversation */
    post: operations["chat"];
  };
  "/api/v1/chat/{id}/stop": {
    /** Stop the answer that is being given */
    post: operations["stopChat"];
  };
  "/api/v1/chat/{id}/stream": {
    /** Take the answer up again after a lost connection */
    get: operations["resumeChat"];
  };
  "/api/v1/chat/sessions": {
    /** List conversations */
    get: operations["listConversations"];
  };
  "/api/v1/chat/sessions/{id}": {
    /** Read a conversation */
    get: operations["getConversation"];
    /** Rename a conversation */
    patch: operations["renameConversation"];
    /** Delete a conversation */
    delete: operations["deleteConversation"];
  };
  "/api/v1/chat/sessions/{id}/export": {
    /** Take a conversation away */
    get: operations["exportConversation"];
  };
  "/api/v1/deletions/{id}": {
    /** How far a deletion of many is */
    get: operations["getDeletion"];
  };
  "/api/v1/documents": {
    /** Upload a document */
    post: operations["uploadDocument"];
    /** List documents */
    get: operations["listDocuments"];
  };
  "/api/v1/documents/{id}": {
    /** Read what is known about a document */
    get: operations["getDocument"];
    /** Change name, labels and readers */
    patch: operations["changeDocument"];
    /** Delete a document */
    delete: operations["deleteDocument"];
  };
  "/api/v1/documents/{id}/cancel": {
    /** Stop reading a document */
    post: operations["cancelDocument"];
  };
  "/api/v1/documents/{id}/chunks": {
    /** List a document's passages */
    get: operations["listChunks"];
  };
  "/api/v1/documents/{id}/content": {
    /** Download the original or its text */
    get: operations["downloadDocument"];
    /** Give a document other bytes */
    put: operations["replaceDocument"];
  };
  "/api/v1/documents/{id}/reindex": {
    /** Read a document again */
    post: operations["reindexDocument"];
  };
  "/api/v1/documents/{id}/rollback": {
    /** Bring an older version back */
    post: operations["rollbackDocument"];
  };
  "/api/v1/documents/{id}/versions": {
    /** List a document's versions */
    get: operations["listVersions"];
  };
  "/api/v1/documents/bulk": {
    /** Upload many documents */
    post: operations["uploadBulk"];
  };
  "/api/v1/documents/delete": {
    /** Delete many documents */
    post: operations["deleteDocuments"];
  };
  "/api/v1/documents/inspect": {
    /** Read a file without keeping it */
    post: operations["inspectDocument"];
  };
  "/api/v1/documents/lookup": {
    /** Which of these external ids are there already */
    post: operations["lookupDocuments"];
  };
  "/api/v1/documents/requeue": {
    /** Read failed documents again */
    post: operations["requeueDocuments"];
  };
  "/api/v1/employees": {
    /** List employees */
    get: operations["listEmployees"];
    /** Invite somebody by e-mail */
    post: operations["invite"];
  };
  "/api/v1/employees/{id}": {
    /** Change role, access, groups or status */
    patch: operations["changeEmployee"];
    /** Remove an employee */
    delete: operations["removeEmployee"];
  };
  "/api/v1/employees/invitations": {
    /** List open invitations */
    get: operations["listInvitations"];
  };
  "/api/v1/employees/invitations/{id}": {
    /** Take an invitation back */
    delete: operations["revokeInvitation"];
  };
  "/api/v1/evals/cases": {
    /** Add a golden question */
    post: operations["createEvalCase"];
    /** List golden questions */
    get: operations["listEvalCases"];
  };
  "/api/v1/evals/cases/{id}": {
    /** One golden question */
    get: operations["getEvalCase"];
    /** Change a golden question */
    patch: operations["changeEvalCase"];
    /** Delete a golden question */
    delete: operations["deleteEvalCase"];
  };
  "/api/v1/evals/cases/candidates": {
    /** Questions that were voted down */
    get: operations["listEvalCandidates"];
  };
  "/api/v1/evals/cases/import": {
    /** Import golden questions */
    post: operations["importEvalCases"];
  };
  "/api/v1/evals/run": {
    /** Ask all golden questions */
    post: operations["startEvalRun"];
  };
  "/api/v1/evals/runs": {
    /** List runs */
    get: operations["listEvalRuns"];
  };
  "/api/v1/evals/runs/{id}": {
    /** A run with its results */
    get: operations["getEvalRun"];
    /** Delete a run */
    delete: operations["deleteEvalRun"];
  };
  "/api/v1/evals/runs/{id}/cancel": {
    /** Call a run off */
    post: operations["cancelEvalRun"];
  };
  "/api/v1/feedback": {
    /** What people think of answers */
    get: operations["listFeedback"];
  };
  "/api/v1/groups": {
    /** List groups */
    get: operations["listGroups"];
    /** Make a group */
    post: operations["createGroup"];
  };
  "/api/v1/groups/{id}": {
    /** Rename a group */
    patch: operations["renameGroup"];
    /** Delete a group */
    delete: operations["deleteGroup"];
  };
  "/api/v1/groups/{id}/members": {
    /** List a group's members */
    get: operations["listMembers"];
  };
  "/api/v1/groups/{id}/members/{user_id}": {
    /** Put somebody into a group */
    put: operations["addMember"];
    /** Take somebody out of a group */
    delete: operations["removeMember"];
  };
  "/api/v1/identity": {
    /** The organization's identity provider */
    get: operations["getIdentityProvider"];
    /** Connect an identity provider */
    put: operations["connectIdentityProvider"];
    /** Disconnect the identity provider */
    delete: operations["disconnectIdentityProvider"];
  };
  "/api/v1/knowledge/answers": {
    /** Teach an answer */
    post: operations["teach"];
    /** List taught answers */
    get: operations["listTaught"];
  };
  "/api/v1/knowledge/answers/{id}": {
    /** One taught answer */
    get: operations["getTaught"];
    /** Change a taught answer */
    patch: operations["changeTaught"];
    /** Delete a taught answer */
    delete: operations["deleteTaught"];
  };
  "/api/v1/knowledge/answers/{id}/versions": {
    /** List an answer's versions */
    get: operations["listTaughtVersions"];
  };
  "/api/v1/knowledge/match": {
    /** Would a taught answer be given? */
    post: operations["matchTaught"];
  };
  "/api/v1/knowledge/suggestions": {
    /** What would be worth teaching */
    get: operations["listSuggestions"];
  };
  "/api/v1/knowledge/suggestions/{id}": {
    /** Dismiss a suggestion */
    delete: operations["dismissSuggestion"];
  };
  "/api/v1/logs/connection": {
    /** The organization's log server */
    get: operations["getLogConnection"];
    /** Connect a log server */
    put: operations["connectLogs"];
    /** Disconnect the log server */
    delete: operations["disconnectLogs"];
  };
  "/api/v1/logs/search": {
    /** Search the logs */
    post: operations["searchLogs"];
  };
  "/api/v1/logs/tools": {
    /** What the log server can do */
    get: operations["listLogTools"];
  };
  "/api/v1/messages/{id}/feedback": {
    /** Say what you think of an answer */
    post: operations["giveFeedback"];
    /** Take it back */
    delete: operations["withdrawFeedback"];
  };
  "/api/v1/models": {
    /** Which models are offered and used */
    get: operations["getModels"];
  };
  "/api/v1/models/embedding": {
    /** Change the embedding model */
    post: operations["changeEmbeddingModel"];
  };
  "/api/v1/models/embedding/change": {
    /** Call a change of model off */
    delete: operations["cancelEmbeddingChange"];
  };
  "/api/v1/org": {
    /** One's organization */
    get: operations["getOrganization"];
    /** Change name and settings */
    patch: operations["changeOrganization"];
    /** Delete the organization with everything in it */
    delete: operations["deleteOrganization"];
  };
  "/api/v1/org/deletion": {
    /** How far the deletion of an organization is */
    get: operations["getOrganizationDeletion"];
  };
  "/api/v1/query": {
    /** Ask a question and watch the answer stream in */
    post: operations["query"];
  };
  "/api/v1/query/sync": {
    /** Ask a question and get the whole answer */
    post: operations["querySync"];
  };
  "/api/v1/search": {
    /** Find passages */
    post: operations["search"];
  };
  "/api/v1/sources": {
    /** Fetch a page, a sitemap or a site */
    post: operations["addSource"];
    /** List sources */
    get: operations["listSources"];
  };
  "/api/v1/sources/{id}": {
    /** How a source is doing */
    get: operations["getSource"];
    /** Change a source and the documents that came from it */
    patch: operations["changeSource"];
    /** Delete a source */
    delete: operations["deleteSource"];
  };
  "/api/v1/sources/{id}/pages": {
    /** List a source's pages */
    get: operations["listSourcePages"];
  };
  "/api/v1/sources/{id}/pause": {
    /** Pause a source */
    post: operations["pauseSource"];
  };
  "/api/v1/sources/{id}/refresh": {
    /** Visit a source again now */
    post: operations["refreshSource"];
  };
  "/api/v1/sources/{id}/resume": {
    /** Go on with a source */
    post: operations["resumeSource"];
  };
  "/api/v1/usage": {
    /** What the organization has used of what it may */
    get: operations["getUsage"];
  };
  "/api/v1/webhooks": {
    /** Add a webhook */
    post: operations["createWebhook"];
    /** List webhooks */
    get: operations["listWebhooks"];
  };
  "/api/v1/webhooks/{id}": {
    /** How a webhook is doing */
    get: operations["getWebhook"];
    /** Change a webhook */
    patch: operations["changeWebhook"];
    /** Delete a webhook and its messages */
    delete: operations["deleteWebhook"];
  };
  "/api/v1/webhooks/{id}/deliveries": {
    /** List messages of the last 30 days */
    get: operations["listDeliveries"];
  };
  "/api/v1/webhooks/{id}/deliveries/{delivery_id}": {
    /** One message, and what was answered */
    get: operations["getDelivery"];
  };
  "/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay": {
    /** Send a message again */
    post: operations["replayDelivery"];
  };
  "/api/v1/webhooks/{id}/rotate": {
    /** Give a webhook a new secret */
    post: operations["rotateWebhook"];
  };
  "/api/v1/webhooks/{id}/test": {
    /** Send a test message */
    post: operations["testWebhook"];
  };
  "/api/v1/widget-keys": {
    /** Make a widget key */
    post: operations["createWidgetKey"];
    /** List widget keys */
    get: operations["listWidgetKeys"];
  };
  "/api/v1/widget-keys/{id}": {
    /** Rename a widget key or change where it works */
    patch: operations["changeWidgetKey"];
    /** Revoke a widget key */
    delete: operations["revokeWidgetKey"];
  };
  "/api/v1/widget/token": {
    /** Exchange a widget key for a short token */
    post: operations["widgetToken"];
  };
  "/health": {
    /** Is it up? */
    get: operations["health"];
  };
  "/health/ready": {
    /** Can it work? */
    get: operations["ready"];
  };
  "/mcp": {
    /** One message of the Model Context Protocol */
    post: operations["mcp"];
  };
  "/retrieval": {
    /** Find passages, as Dify does */
    post: operations["difyRetrieval"];
  };
  "/v1/chat/completions": {
    /** Ask, as OpenAI's clients do */
    post: operations["chatCompletion"];
  };
  "/v1/embeddings": {
    /** Texts as vectors of the organization's model */
    post: operations["createEmbeddings"];
  };
  "/v1/models": {
    /** List language models */
    get: operations["listOpenAiModels"];
  };
  "/v1/models/{model}": {
    /** One language model */
    get: operations["getOpenAiModel"];
  };
  "/v1/vector_stores": {
    /** The one vector store: everything the caller may read */
    get: operations["listVectorStores"];
  };
  "/v1/vector_stores/{id}/search": {
    /** Find passages, as OpenAI's clients do */
    post: operations["searchVectorStore"];
  };
}

export interface operations {
  /** Public keys of access tokens and deletion receipts */
  jwks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            keys: {
              kty: string;
              kid: string;
              [more: string]: unknown;
            }[];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      500: components["responses"]["problem-internal"];
    };
  };
  /** How to get in, for MCP clients */
  protectedResource: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["ProtectedResource"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      500: components["responses"]["problem-internal"];
    };
  };
  /** The same, at the address that belongs to /mcp */
  protectedResourceMcp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["ProtectedResource"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      500: components["responses"]["problem-internal"];
    };
  };
  /** List organizations with what they use */
  listOrganizations: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        status?: "active" | "suspended" | "deleting";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["OrganizationUsage"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Suspend an organization, or let it go on */
  changeOrganizationStatus: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          status: "active" | "suspended";
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            org: components["schemas"]["OrganizationUsage"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete an organization with everything in it */
  deleteAnyOrganization: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          confirmation?: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["OrganizationDeleted"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["OrganizationDeletionRequested"] | components["schemas"]["OrganizationDeleted"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json-invalid_confirmation"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** What one organization may use */
  getOrganizationQuota: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            quota: components["schemas"]["Quota"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Set what one organization may use */
  setOrganizationQuota: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          documents?: number | null;
          storage_bytes?: number | null;
          questions?: number | null;
          tokens?: number | null;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            quota: components["schemas"]["Quota"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** What every organization may use */
  getQuota: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            quota: components["schemas"]["Quota"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Set what every organization may use */
  setQuota: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          documents?: number | null;
          storage_bytes?: number | null;
          questions?: number | null;
          tokens?: number | null;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            quota: components["schemas"]["Quota"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Through which door people ask */
  getChannelUse: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["ChannelUse"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Which documents answers come from */
  getDocumentUse: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["DocumentUse"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Who asks */
  getEmployeeUse: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["EmployeeUse"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** What the documents leave open */
  getGaps: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        limit?: number;
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["QuestionCluster"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How documents come through */
  getIngestion: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            lanes: {
              ingest: {
                unfinished: number;
                working: number;
                waiting: number;
                oldest_seconds: number;
                /** Past their deadline; must be 0. */
                overdue: number;
              };
              "ingest-bulk": {
                unfinished: number;
                working: number;
                waiting: number;
                oldest_seconds: number;
                /** Past their deadline; must be 0. */
                overdue: number;
              };
            };
            failures: {
              code: string;
              total: number;
              last_24_hours: number;
            }[];
            published: {
              hour: string;
              documents: number;
            }[];
            steps: Record<string, {
              documents: number;
              p50_ms: number;
              p95_ms: number;
            }>;
            waiting: Record<string, {
              documents: number;
              p50_ms: number;
              p95_ms: number;
            }>;
            total: Record<string, {
              documents: number;
              p50_ms: number;
              p95_ms: number;
            }>;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** What people ask most */
  getTopQuestions: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        limit?: number;
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["QuestionCluster"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How much of what is nearest a search finds */
  getRecall: {
    parameters: {
      query?: {
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["RecallDay"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How questions were answered */
  getSummary: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["QuestionSummary"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Questions over time */
  getQuestionSeries: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        interval?: "hour" | "day" | "week";
        time_zone?: string;
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["QuestionPeriod"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Make an API key */
  createApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
          scopes: ("documents:read" | "documents:write" | "search" | "chat" | "analytics:read" | "evals")[];
          access?: "external" | "internal";
          groups?: string[];
          expires_at?: string;
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            api_key: components["schemas"]["ApiKey"];
            /** The key itself; it is in no later answer. */
            key: string;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List API keys */
  listApiKeys: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        prefix?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["ApiKey"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Revoke an API key */
  revokeApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            revoked: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Give a key a new secret */
  rotateApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          overlap_seconds?: number;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            api_key: components["schemas"]["ApiKey"];
            /** The key itself; it is in no later answer. */
            key: string;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Who did what */
  listAudit: {
    parameters: {
      query?: {
        action?: string;
        actor_kind?: "user" | "key" | "widget" | "superadmin" | "service" | "nobody";
        actor_id?: string;
        target_id?: string;
        result?: "ok" | "denied";
        from?: string;
        to?: string;
        limit?: number;
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["AuditEntry"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** What has happened at all */
  listAuditActions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: string[];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** The whole audit log */
  exportAudit: {
    parameters: {
      query?: {
        action?: string;
        actor_kind?: "user" | "key" | "widget" | "superadmin" | "service" | "nobody";
        actor_id?: string;
        target_id?: string;
        result?: "ok" | "denied";
        from?: string;
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/x-ndjson": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Has anybody tampered with the audit log? */
  verifyAudit: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            ok: boolean;
            entries: number;
            /** Hash of the newest entry; keep a copy elsewhere. */
            head: string | null;
            /** The first entry that does not follow from the one before it. */
            broken_at: number | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Turn an invitation into an account */
  acceptInvite: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          token: string;
          password: string;
          name?: string;
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["SignIn"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json-invalid_invitation"];
      409: components["responses"]["problem-email_taken"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Sign in with e-mail and password */
  login: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
          password: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["SignIn"] | components["schemas"]["PlatformSignIn"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-invalid_credentials"];
      403: components["responses"]["problem-forbidden"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** End this session */
  logout: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            signed_out: true;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** End every session and every access token */
  logoutEverywhere: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            signed_out: true;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Who one is */
  me: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Profile"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_unverified-domain_not_allowed"];
      409: components["responses"]["problem-identity_conflict"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-identity_provider_failed"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change what one is called */
  renameMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Profile"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change one's password */
  changePassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          current_password: string;
          password: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            /** Goes into the Authorization header. */
            token: string;
            token_type: "Bearer";
            /** Seconds the access token holds. */
            expires_in: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked-invalid_credentials"];
      403: components["responses"]["problem-forbidden"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Send a code to set a new password with */
  forgotPassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
        };
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            /** Seconds the code holds. */
            expires_in: number;
            /** Seconds until another one may be asked for. */
            resend_in: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-email_unavailable"];
    };
  };
  /** Set a new password with the code */
  resetPassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
          code: string;
          password: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            reset: true;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json-invalid_code"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Exchange a refresh token for new tokens */
  refresh: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          refresh_token: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["SignIn"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-session_revoked"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Create an organization and its first admin */
  register: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          org_name: string;
          email: string;
          password: string;
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["SignIn"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      409: components["responses"]["problem-email_taken"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Send the verification code again */
  resendCode: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
        };
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            /** Seconds the code holds. */
            expires_in: number;
            /** Seconds until another one may be asked for. */
            resend_in: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-email_unavailable"];
    };
  };
  /** Where one is signed in */
  listSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Session"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** End one session */
  endSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: true;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Sign in as OAuth 2 clients do */
  token: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/x-www-form-urlencoded": {
          grant_type: "password" | "refresh_token";
          /** The e-mail; for `password`. */
          username?: string;
          password?: string;
          refresh_token?: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            access_token: string;
            token_type: "Bearer";
            expires_in: number;
            refresh_token?: string;
          };
        };
      };
      400: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["OAuthError"];
        };
      };
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Confirm an e-mail with the code that was sent to it */
  verifyEmail: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
          code: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Profile"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json-invalid_code"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List batches */
  listBatches: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Batch"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How a batch is doing */
  getBatch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            batch: components["schemas"]["BatchWithFailures"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a batch and its documents */
  deleteBatch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Deletion"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Deletion"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Stop a batch */
  cancelBatch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            cancelled: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Watch a batch */
  watchBatch: {
    parameters: {
      query?: never;
      header?: {
        /** Go on after this event. */
        "last-event-id"?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "text/event-stream": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List a batch's lines */
  listBatchItems: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: number;
        state?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["BatchItem"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Read a batch's failed documents again */
  requeueBatch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            requeued: number;
            remaining: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Ask in a conversation */
  chat: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          top_k?: number;
          document_ids?: string[];
          metadata?: Record<string, string | number | boolean | null>;
          access_level?: "external" | "internal";
          filters?: components["schemas"]["__schema0"];
          min_score?: number;
          rerank?: boolean;
          rewrite?: "auto" | "off";
          expand?: "none" | "multi_query" | "hyde";
          response_format?: {
            type: "text";
          } | {
            type: "json_object";
          } | {
            type: "json_schema";
            json_schema: {
              name: string;
              description?: string;
              schema: Record<string, unknown>;
              strict?: boolean | null;
            };
          };
          cache?: boolean;
          telemetry?: boolean;
          message: string;
          session_id?: string;
          end_user?: string;
          stream?: boolean;
        } | {
          top_k?: number;
          document_ids?: string[];
          metadata?: Record<string, string | number | boolean | null>;
          access_level?: "external" | "internal";
          filters?: components["schemas"]["__schema0"];
          min_score?: number;
          rerank?: boolean;
          rewrite?: "auto" | "off";
          expand?: "none" | "multi_query" | "hyde";
          response_format?: {
            type: "text";
          } | {
            type: "json_object";
          } | {
            type: "json_schema";
            json_schema: {
              name: string;
              description?: string;
              schema: Record<string, unknown>;
              strict?: boolean | null;
            };
          };
          cache?: boolean;
          telemetry?: boolean;
          end_user?: string;
          id: string;
          messages: ({
            id: string;
            role: "system" | "user" | "assistant";
            parts: {
              type: string;
              text?: string;
            }[];
          })[];
          trigger?: "submit-message" | "regenerate-message";
          messageId?: string | null;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Answer"];
          "text/event-stream": string;
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-answer_running"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-model_required"];
      429: components["responses"]["problem-rate_limited-quota_exceeded"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-embedder_failed-model_failed-answer_unfit"];
      503: components["responses"]["problem-database_unavailable-embedder_unavailable-model_unavailable-answer_interrupted"];
    };
  };
  /** Stop the answer that is being given */
  stopChat: {
    parameters: {
      query?: {
        end_user?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            session_id: string;
            message_id: string;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-not_in_progress"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Take the answer up again after a lost connection */
  resumeChat: {
    parameters: {
      query?: {
        end_user?: string;
        stream_format?: "sse" | "ai-sdk";
      };
      header?: {
        /** Go on after this event. */
        "last-event-id"?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "text/event-stream": string;
        };
      };
      204: {
        headers: Record<string, unknown>;
        content: {};
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-answer_interrupted-answer_goes_on"];
    };
  };
  /** List conversations */
  listConversations: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        q?: string;
        of?: "me" | "everyone" | string;
        end_user?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Conversation"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Read a conversation */
  getConversation: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        end_user?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            session: components["schemas"]["Conversation"];
            messages: components["schemas"]["Message"][];
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Rename a conversation */
  renameConversation: {
    parameters: {
      query?: {
        end_user?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          title: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            session: components["schemas"]["Conversation"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a conversation */
  deleteConversation: {
    parameters: {
      query?: {
        end_user?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Take a conversation away */
  exportConversation: {
    parameters: {
      query?: {
        format?: "json" | "markdown";
        end_user?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            session: components["schemas"]["Conversation"];
            messages: components["schemas"]["Message"][];
            [more: string]: unknown;
          };
          "text/markdown": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How far a deletion of many is */
  getDeletion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Deletion"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Upload a document */
  uploadDocument: {
    parameters: {
      query?: never;
      header?: {
        /** Sent again within a week, the request is the same document. */
        "idempotency-key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          access_level?: "external" | "internal";
          groups?: string[] | null;
          metadata?: Record<string, string | number | boolean | null>;
          external_id?: string;
          lane?: "ingest" | "ingest-bulk";
          name: string;
          content: string;
        } | {
          access_level?: "external" | "internal";
          groups?: string[] | null;
          metadata?: Record<string, string | number | boolean | null>;
          external_id?: string;
          lane?: "ingest" | "ingest-bulk";
          url?: string;
          sitemap?: {
            url: string;
            limit?: number;
            same_host?: boolean;
            include?: string[];
            exclude?: string[];
          };
          crawl?: {
            url: string;
            depth?: number;
            limit?: number;
            same_host?: boolean;
            include?: string[];
            exclude?: string[];
          };
          name?: string;
          refresh_every?: number | null;
          on_gone?: "keep" | "delete";
        };
        "multipart/form-data": FormData;
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Uploaded"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Uploaded"] | components["schemas"]["SourceAccepted"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json-cut_off"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      402: components["responses"]["problem-quota_full"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-external_id_taken-duplicate_document-idempotency_conflict"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-empty_document-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-storage_unavailable"];
    };
  };
  /** List documents */
  listDocuments: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        status?: "pending" | "extracting" | "embedding" | "ready" | "failed";
        name?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Document"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Read what is known about a document */
  getDocument: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            document: components["schemas"]["Document"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change name, labels and readers */
  changeDocument: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name?: string;
          metadata?: Record<string, string | number | boolean | null>;
          access_level?: "external" | "internal";
          groups?: string[] | null;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            document: components["schemas"]["Document"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-duplicate_document"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a document */
  deleteDocument: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
              name: string;
              versions: number;
              chunks: number;
              drafts: number;
              files: number | null;
              bytes: number;
              deleted_at: string;
            };
            receipt: string;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Stop reading a document */
  cancelDocument: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            document: components["schemas"]["Document"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-not_in_progress"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List a document's passages */
  listChunks: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Chunk"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Download the original or its text */
  downloadDocument: {
    parameters: {
      query?: {
        format?: "original" | "text";
        version?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/octet-stream": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-not_ready"];
      422: components["responses"]["problem-file_missing"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-storage_unavailable"];
    };
  };
  /** Give a document other bytes */
  replaceDocument: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name?: string;
          content: string;
        };
        "multipart/form-data": FormData;
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Uploaded"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Uploaded"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json-cut_off"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      402: components["responses"]["problem-quota_full"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-duplicate_document"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-empty_document"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-storage_unavailable"];
    };
  };
  /** Read a document again */
  reindexDocument: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            document: components["schemas"]["Document"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-not_ready"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Bring an older version back */
  rollbackDocument: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          version: number;
        };
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            document: components["schemas"]["Document"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-duplicate_document-not_ready"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List a document's versions */
  listVersions: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Version"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Upload many documents */
  uploadBulk: {
    parameters: {
      query?: {
        access_level?: "external" | "internal";
        groups?: string;
        external_id?: "path";
      };
      header?: {
        /** Sent again, the request goes on with the same batch. */
        "idempotency-key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/x-ndjson": string;
        "application/zip": Blob;
        "multipart/form-data": FormData;
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            batch: components["schemas"]["BatchWithFailures"];
            /** The first thousand, by line. */
            results: components["schemas"]["BatchLine"][];
          };
          "application/x-ndjson": string;
        };
      };
      400: components["responses"]["problem-invalid_request-cut_off"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      402: components["responses"]["problem-quota_full"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-idempotency_conflict-cancelled"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-broken_document-document_too_complex-encrypted_document"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-storage_unavailable"];
    };
  };
  /** Delete many documents */
  deleteDocuments: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          ids: string[];
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Deletion"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Deletion"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Read a file without keeping it */
  inspectDocument: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "multipart/form-data": FormData;
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            inspection: components["schemas"]["Inspection"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-cut_off"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-empty_document-encrypted_document-needs_ocr-broken_document-document_too_complex"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Which of these external ids are there already */
  lookupDocuments: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          external_ids: string[];
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: ({
              external_id: string | null;
              id: string;
              sha256: string;
              version: number;
              status: "pending" | "extracting" | "embedding" | "ready" | "failed";
              failure: {
                code: string;
                detail: string | null;
                /** May reading it again help? */
                retryable: boolean;
              } | null;
            })[];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Read failed documents again */
  requeueDocuments: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          code?: string;
        };
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            requeued: number;
            remaining: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List employees */
  listEmployees: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        status?: "active" | "deactivated";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Employee"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Invite somebody by e-mail */
  invite: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
          role?: "admin" | "member" | "viewer";
          access?: "external" | "internal";
          groups?: string[];
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            invitation: components["schemas"]["Invitation"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-already_member"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable-email_unavailable"];
    };
  };
  /** Change role, access, groups or status */
  changeEmployee: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          role?: "admin" | "member" | "viewer";
          access?: "external" | "internal" | null;
          groups?: string[];
          status?: "active" | "deactivated";
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            employee: components["schemas"]["Employee"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-last_admin"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Remove an employee */
  removeEmployee: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            removed: {
              id: string;
              email: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-last_admin"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List open invitations */
  listInvitations: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Invitation"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Take an invitation back */
  revokeInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            revoked: {
              id: string;
              email: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Add a golden question */
  createEvalCase: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          question?: string;
          document_ids?: string[];
          external_ids?: string[];
          facts?: string[];
          answerable?: boolean;
          tags?: string[];
          note?: string;
          from_message_id: string;
        } | {
          question: string;
          document_ids?: string[];
          external_ids?: string[];
          facts?: string[];
          answerable?: boolean;
          tags?: string[];
          note?: string;
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            case: components["schemas"]["EvalCase"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      402: components["responses"]["problem-quota_full"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-case_exists"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List golden questions */
  listEvalCases: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        tag?: string;
        q?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["EvalCase"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** One golden question */
  getEvalCase: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            case: components["schemas"]["EvalCase"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change a golden question */
  changeEvalCase: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          question?: string;
          document_ids?: string[];
          external_ids?: string[];
          facts?: string[];
          answerable?: boolean;
          tags?: string[];
          note?: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            case: components["schemas"]["EvalCase"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-case_exists"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a golden question */
  deleteEvalCase: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Questions that were voted down */
  listEvalCandidates: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["EvalCandidate"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Import golden questions */
  importEvalCases: {
    parameters: {
      query?: {
        replace?: "true" | "false";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/x-ndjson": string;
        "application/json": {
          question: string;
          document_ids?: string[];
          external_ids?: string[];
          facts?: string[];
          answerable?: boolean;
          tags?: string[];
          note?: string;
        }[];
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            imported: {
              created: number;
              changed: number;
              deleted: number;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      402: components["responses"]["problem-quota_full"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Ask all golden questions */
  startEvalRun: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          name?: string;
          kind?: "answer" | "search";
          configurations?: ({
            name?: string;
            top_k?: number;
            min_score?: number;
            rerank?: boolean;
            rewrite?: "auto" | "off";
            expand?: "none" | "multi_query" | "hyde";
            access_level?: "external" | "internal";
            filters?: components["schemas"]["__schema0"];
            metadata?: Record<string, string | number | boolean | null>;
            model?: string;
            cache?: boolean;
          })[];
          gate?: Record<string, number>;
          tags?: string[];
        };
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            run: components["schemas"]["EvalRun"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      402: components["responses"]["problem-quota_full"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-no_cases"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List runs */
  listEvalRuns: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["EvalRun"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** A run with its results */
  getEvalRun: {
    parameters: {
      query?: {
        format?: "json" | "csv";
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            run: components["schemas"]["EvalRun"];
            results: components["schemas"]["EvalResult"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a run */
  deleteEvalRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Call a run off */
  cancelEvalRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            run: components["schemas"]["EvalRun"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-not_in_progress"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** What people think of answers */
  listFeedback: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        rating?: "up" | "down";
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Feedback"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List groups */
  listGroups: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Group"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Make a group */
  createGroup: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            group: components["schemas"]["Group"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-name_taken"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Rename a group */
  renameGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            group: components["schemas"]["Group"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-name_taken"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a group */
  deleteGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
              name: string;
              members: number;
              /** Documents that named it. */
              documents: number;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List a group's members */
  listMembers: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Member"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Put somebody into a group */
  addMember: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            membership: {
              group_id: string;
              user_id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Take somebody out of a group */
  removeMember: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            removed: {
              group_id: string;
              user_id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** The organization's identity provider */
  getIdentityProvider: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            identity: components["schemas"]["IdentityProvider"] | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Connect an identity provider */
  connectIdentityProvider: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          issuer: string;
          audience: string;
          jwks_uri?: string | null;
          algorithms?: ("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA")[];
          claims?: {
            email?: string;
            email_verified?: string;
            role?: {
              claim?: string;
              values?: Record<string, "admin" | "member" | "viewer">;
              default?: "admin" | "member" | "viewer";
            };
            access?: {
              claim: string;
              values?: Record<string, "external" | "internal">;
              default?: "external" | "internal";
            };
            groups?: {
              claim: string;
              values: Record<string, string>;
            };
          };
          domains: string[];
          status?: "active" | "disabled";
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            identity: components["schemas"]["IdentityProvider"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-issuer_taken"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-identity_provider_failed"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Disconnect the identity provider */
  disconnectIdentityProvider: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: true;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Teach an answer */
  teach: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          question: string;
          answer: string;
          variants?: string[];
          access_level?: "external" | "internal";
          groups?: string[] | null;
          expires_at?: string | null;
          enabled?: boolean;
          note?: string;
          from_message_id?: string;
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            answer: components["schemas"]["TaughtAnswer"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      402: components["responses"]["problem-quota_full"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-edit_conflict"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-embedder_failed"];
      503: components["responses"]["problem-database_unavailable-embedder_unavailable-embedding_model_gone"];
    };
  };
  /** List taught answers */
  listTaught: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        state?: "active" | "disabled" | "expired";
        q?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["TaughtAnswer"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** One taught answer */
  getTaught: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            answer: components["schemas"]["TaughtAnswer"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change a taught answer */
  changeTaught: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          question?: string;
          answer?: string;
          variants?: string[];
          access_level?: "external" | "internal";
          groups?: string[] | null;
          expires_at?: string | null;
          enabled?: boolean;
          note?: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            answer: components["schemas"]["TaughtAnswer"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-edit_conflict"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-embedder_failed"];
      503: components["responses"]["problem-database_unavailable-embedder_unavailable-embedding_model_gone"];
    };
  };
  /** Delete a taught answer */
  deleteTaught: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List an answer's versions */
  listTaughtVersions: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["TaughtVersion"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Would a taught answer be given? */
  matchTaught: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          query: string;
          access_level?: "external" | "internal";
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            /** What would be answered; null when the documents are asked. */
            match: {
              id: string;
              version: number;
              question: string;
              answer: string;
              /** The question or variant that comes closest. */
              phrase: string;
              /** `exact` and `same`: the same question; `words`: in the same words; `close`: means the same. */
              kind: "exact" | "same" | "words" | "close";
            } | null;
            /** Others that speak of the same, closest first. */
            near: {
              id: string;
              version: number;
              question: string;
              answer: string;
              /** The question or variant that comes closest. */
              phrase: string;
            }[];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-embedder_failed"];
      503: components["responses"]["problem-database_unavailable-embedder_unavailable"];
    };
  };
  /** What would be worth teaching */
  listSuggestions: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        limit?: number;
        format?: "json" | "csv";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Suggestion"][];
          };
          "text/csv": string;
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Dismiss a suggestion */
  dismissSuggestion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            dismissed: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** The organization's log server */
  getLogConnection: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            connection: components["schemas"]["LogConnection"] | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Connect a log server */
  connectLogs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          url?: string;
          bearer?: string;
          headers?: Record<string, string>;
          tool?: string;
          arguments?: {
            query: string;
            from?: string | null;
            to?: string | null;
            limit?: string | null;
            severity?: string | null;
            times?: "rfc3339" | "seconds" | "milliseconds";
            constants?: Record<string, string | number | boolean>;
          };
          redaction?: {
            built_in?: ("email" | "bearer" | "api_key" | "card")[];
            rules?: {
              name: string;
              pattern: string;
            }[];
          };
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            connection: components["schemas"]["LogConnection"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-telemetry_not_connected-telemetry_tool_missing"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-telemetry_refused-telemetry_failed-telemetry_too_large"];
      503: components["responses"]["problem-database_unavailable"];
      504: components["responses"]["problem-telemetry_timeout"];
    };
  };
  /** Disconnect the log server */
  disconnectLogs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: true;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Search the logs */
  searchLogs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          query?: string;
          from?: string;
          to?: string;
          limit?: number;
          severity?: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/x-ndjson": string;
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-telemetry_not_connected-telemetry_tool_missing"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-telemetry_refused-telemetry_failed-telemetry_too_large-telemetry_tool_failed"];
      503: components["responses"]["problem-database_unavailable"];
      504: components["responses"]["problem-telemetry_timeout"];
    };
  };
  /** What the log server can do */
  listLogTools: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: {
              name: string;
              description: string;
              /** JSON Schema. */
              input_schema: Record<string, unknown>;
              in_use: boolean;
            }[];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-telemetry_not_connected-telemetry_tool_missing"];
      422: components["responses"]["problem-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-telemetry_refused-telemetry_failed-telemetry_too_large"];
      503: components["responses"]["problem-database_unavailable"];
      504: components["responses"]["problem-telemetry_timeout"];
    };
  };
  /** Say what you think of an answer */
  giveFeedback: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          rating: "up" | "down";
          reason?: "wrong" | "incomplete" | "outdated" | "bad_source" | "unclear" | "not_found" | "harmful" | "other";
          comment?: string;
          expected_answer?: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            feedback: {
              message_id: string;
              rating: "up" | "down";
              reason?: "wrong" | "incomplete" | "outdated" | "bad_source" | "unclear" | "not_found" | "harmful" | "other";
              comment?: string;
              expected_answer?: string;
              created_at: string;
              updated_at: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Take it back */
  withdrawFeedback: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            withdrawn: {
              message_id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Which models are offered and used */
  getModels: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            models: components["schemas"]["Models"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change the embedding model */
  changeEmbeddingModel: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          model: string;
        };
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            models: {
              embedding: {
                offered: ({
                  model: string;
                  mode: "offline" | "openai";
                  default: boolean;
                })[];
                /** Null while the organization has published nothing. */
                current: string | null;
                /** False: nobody offers it any more, and words alone find. */
                available: boolean;
                chunks: {
                  total: number;
                  embedded: number;
                };
                /** What embedding everything anew takes, about. */
                estimate: {
                  tokens: number;
                };
                change: {
                  id: string;
                  phase: "embedding" | "removing";
                  target: string | null;
                  progress: {
                    done: number;
                    total: number;
                  };
                  tokens: {
                    spent: number;
                    left: number;
                  };
                  failure: {
                    code: string;
                    detail: string;
                  } | null;
                  started_at: string | null;
                } | null;
              };
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-change_running"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Call a change of model off */
  cancelEmbeddingChange: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            models: {
              embedding: {
                offered: ({
                  model: string;
                  mode: "offline" | "openai";
                  default: boolean;
                })[];
                /** Null while the organization has published nothing. */
                current: string | null;
                /** False: nobody offers it any more, and words alone find. */
                available: boolean;
                chunks: {
                  total: number;
                  embedded: number;
                };
                /** What embedding everything anew takes, about. */
                estimate: {
                  tokens: number;
                };
                change: {
                  id: string;
                  phase: "embedding" | "removing";
                  target: string | null;
                  progress: {
                    done: number;
                    total: number;
                  };
                  tokens: {
                    spent: number;
                    left: number;
                  };
                  failure: {
                    code: string;
                    detail: string;
                  } | null;
                  started_at: string | null;
                } | null;
              };
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** One's organization */
  getOrganization: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            org: components["schemas"]["Organization"];
            limits: {
              /** The largest file that is taken. */
              file_bytes: number;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change name and settings */
  changeOrganization: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name?: string;
          settings?: {
            internal_domains?: string[];
            allowed_origins?: string[];
            over_budget?: "extractive" | "refuse";
            chat_models?: string[];
            embeddings_api?: boolean;
            answer_instructions?: string | null;
            finish_answers?: boolean;
            admins_read_sessions?: boolean;
            history_days?: number | null;
            answer_cache?: "on" | "off";
            answer_cache_hours?: number;
            min_score?: number | null;
            rerank?: boolean;
          };
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            org: components["schemas"]["Organization"];
            access_changed: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete the organization with everything in it */
  deleteOrganization: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          confirmation?: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["OrganizationDeleted"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["OrganizationDeletionRequested"] | components["schemas"]["OrganizationDeleted"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json-invalid_confirmation"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How far the deletion of an organization is */
  getOrganizationDeletion: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            status: "deleted" | "deleting";
            deleted: {
              organization: {
                id: string;
              };
              requested_by: {
                kind: "user" | "superadmin";
                id: string;
              };
              deleted_at: string;
              completed_at: string | null;
              rows: Record<string, number>;
              files: number | null;
            };
            receipt?: string;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Ask a question and watch the answer stream in */
  query: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          query: string;
          top_k?: number;
          document_ids?: string[];
          metadata?: Record<string, string | number | boolean | null>;
          access_level?: "external" | "internal";
          filters?: components["schemas"]["__schema0"];
          history?: ({
            role: "user" | "assistant";
            content: string;
          })[];
          min_score?: number;
          rerank?: boolean;
          rewrite?: "auto" | "off";
          expand?: "none" | "multi_query" | "hyde";
          stream_format?: "sse" | "text";
          response_format?: {
            type: "text";
          } | {
            type: "json_object";
          } | {
            type: "json_schema";
            json_schema: {
              name: string;
              description?: string;
              schema: Record<string, unknown>;
              strict?: boolean | null;
            };
          };
          cache?: boolean;
          telemetry?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "text/event-stream": string;
          "text/plain": string;
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-model_required"];
      429: components["responses"]["problem-rate_limited-quota_exceeded"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-embedder_failed-model_failed-answer_unfit"];
      503: components["responses"]["problem-database_unavailable-embedder_unavailable-model_unavailable"];
    };
  };
  /** Ask a question and get the whole answer */
  querySync: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          query: string;
          top_k?: number;
          document_ids?: string[];
          metadata?: Record<string, string | number | boolean | null>;
          access_level?: "external" | "internal";
          filters?: components["schemas"]["__schema0"];
          history?: ({
            role: "user" | "assistant";
            content: string;
          })[];
          min_score?: number;
          rerank?: boolean;
          rewrite?: "auto" | "off";
          expand?: "none" | "multi_query" | "hyde";
          stream_format?: "sse" | "text";
          response_format?: {
            type: "text";
          } | {
            type: "json_object";
          } | {
            type: "json_schema";
            json_schema: {
              name: string;
              description?: string;
              schema: Record<string, unknown>;
              strict?: boolean | null;
            };
          };
          cache?: boolean;
          telemetry?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Answer"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-model_required"];
      429: components["responses"]["problem-rate_limited-quota_exceeded"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-embedder_failed-model_failed-answer_unfit"];
      503: components["responses"]["problem-database_unavailable-embedder_unavailable-model_unavailable"];
    };
  };
  /** Find passages */
  search: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          query: string;
          top_k?: number;
          document_ids?: string[];
          metadata?: Record<string, string | number | boolean | null>;
          access_level?: "external" | "internal";
          filters?: components["schemas"]["__schema0"];
          history?: ({
            role: "user" | "assistant";
            content: string;
          })[];
          min_score?: number;
          rerank?: boolean;
          rewrite?: "auto" | "off";
          expand?: "none" | "multi_query" | "hyde";
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            results: components["schemas"]["Result"][];
            retrieval: components["schemas"]["Retrieval"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-embedder_failed"];
      503: components["responses"]["problem-database_unavailable-embedder_unavailable"];
    };
  };
  /** Fetch a page, a sitemap or a site */
  addSource: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          access_level?: "external" | "internal";
          groups?: string[] | null;
          metadata?: Record<string, string | number | boolean | null>;
          external_id?: string;
          lane?: "ingest" | "ingest-bulk";
          url?: string;
          sitemap?: {
            url: string;
            limit?: number;
            same_host?: boolean;
            include?: string[];
            exclude?: string[];
          };
          crawl?: {
            url: string;
            depth?: number;
            limit?: number;
            same_host?: boolean;
            include?: string[];
            exclude?: string[];
          };
          name?: string;
          refresh_every?: number | null;
          on_gone?: "keep" | "delete";
        };
      };
    };
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["SourceAccepted"];
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-external_id_taken"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List sources */
  listSources: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        kind?: "url" | "sitemap" | "crawl";
        batch_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Source"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How a source is doing */
  getSource: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            source: components["schemas"]["Source"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change a source and the documents that came from it */
  changeSource: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          access_level?: "external" | "internal";
          groups?: string[] | null;
          metadata?: Record<string, string | number | boolean | null>;
          name?: string | null;
          refresh_every?: number | null;
          on_gone?: "keep" | "delete";
          depth?: number;
          limit?: number;
          same_host?: boolean;
          include?: string[];
          exclude?: string[];
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            source: components["schemas"]["Source"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-duplicate_document"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a source */
  deleteSource: {
    parameters: {
      query?: {
        documents?: "keep" | "delete";
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
              url: string;
              pages: number;
            };
          } | components["schemas"]["Deletion"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Deletion"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List a source's pages */
  listSourcePages: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: number;
        state?: "queued" | "fetched" | "unchanged" | "skipped" | "failed" | "disallowed" | "gone";
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["SourcePage"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Pause a source */
  pauseSource: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            source: components["schemas"]["Source"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Visit a source again now */
  refreshSource: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            source: components["schemas"]["Source"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-not_ready"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Go on with a source */
  resumeSource: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            source: components["schemas"]["Source"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** What the organization has used of what it may */
  getUsage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Usage"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Add a webhook */
  createWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          url: string;
          events: ("document.ready" | "document.failed" | "batch.completed")[];
          description?: string;
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            webhook: components["schemas"]["Webhook"];
            /** Signs the messages (standardwebhooks.com); it is in no later answer. */
            secret: string;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      409: components["responses"]["problem-too_many_webhooks"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-fetch_failed"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List webhooks */
  listWebhooks: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Webhook"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** How a webhook is doing */
  getWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            webhook: components["schemas"]["Webhook"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Change a webhook */
  changeWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          url?: string;
          events?: ("document.ready" | "document.failed" | "batch.completed")[];
          description?: string;
          enabled?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            webhook: components["schemas"]["Webhook"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      422: components["responses"]["problem-url_refused"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      502: components["responses"]["problem-fetch_failed"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Delete a webhook and its messages */
  deleteWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            deleted: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List messages of the last 30 days */
  listDeliveries: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        status?: "pending" | "delivered" | "failed" | "cancelled";
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["Delivery"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** One message, and what was answered */
  getDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        delivery_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            delivery: components["schemas"]["WholeDelivery"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Send a message again */
  replayDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        delivery_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            delivery: components["schemas"]["WholeDelivery"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-webhook_disabled"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Give a webhook a new secret */
  rotateWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": {
          overlap_seconds?: number;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            webhook: components["schemas"]["Webhook"];
            /** Signs the messages (standardwebhooks.com); it is in no later answer. */
            secret: string;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Send a test message */
  testWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            delivery: components["schemas"]["Delivery"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      409: components["responses"]["problem-webhook_disabled"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Make a widget key */
  createWidgetKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
          allowed_origins: string[];
        };
      };
    };
    responses: {
      201: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            widget_key: components["schemas"]["WidgetKey"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** List widget keys */
  listWidgetKeys: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            data: components["schemas"]["WidgetKey"][];
            /** Give it as `cursor` to get the next page; null on the last one. */
            next_cursor: string | null;
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Rename a widget key or change where it works */
  changeWidgetKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name?: string;
          allowed_origins?: string[];
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            widget_key: components["schemas"]["WidgetKey"];
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Revoke a widget key */
  revokeWidgetKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            revoked: {
              id: string;
            };
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: components["responses"]["problem-not_found"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Exchange a widget key for a short token */
  widgetToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          key: string;
          token?: string;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            token: string;
            token_type: "Bearer";
            expires_in: number;
          };
        };
      };
      400: components["responses"]["problem-invalid_request-malformed_json"];
      401: components["responses"]["problem-unauthenticated"];
      403: components["responses"]["problem-forbidden"];
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Is it up? */
  health: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            status: "ok";
          };
        };
      };
      400: components["responses"]["problem-invalid_request"];
      500: components["responses"]["problem-internal"];
    };
  };
  /** Can it work? */
  ready: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Readiness"];
        };
      };
      400: components["responses"]["problem-invalid_request"];
      500: components["responses"]["problem-internal"];
      503: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Readiness"];
        };
      };
    };
  };
  /** One message of the Model Context Protocol */
  mcp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["McpRequest"];
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["McpReply"];
        };
      };
      202: {
        headers: Record<string, unknown>;
        content: {};
      };
      400: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["McpReply"];
        };
      };
      401: components["responses"]["problem-unauthenticated-session_revoked"];
      403: components["responses"]["problem-forbidden-email_verification_required"];
      404: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["McpReply"];
        };
      };
      413: components["responses"]["problem-too_large"];
      415: components["responses"]["problem-unsupported_type"];
      429: components["responses"]["problem-rate_limited"];
      500: components["responses"]["problem-internal"];
      503: components["responses"]["problem-database_unavailable"];
    };
  };
  /** Find passages, as Dify does */
  difyRetrieval: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          knowledge_id: string;
          query: string;
          retrieval_setting: {
            top_k?: number;
            score_threshold?: number | null;
          };
          metadata_condition?: {
            logical_operator?: "and" | "or";
            conditions: ({
              name: string | string[];
              comparison_operator: string;
              value?: string | number | boolean | null;
            })[];
          } | null;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["DifyRecords"];
        };
      };
      400: components["responses"]["dify-invalid_request-malformed_json"];
      401: components["responses"]["dify-unauthenticated-session_revoked"];
      403: components["responses"]["dify-forbidden-email_verification_required"];
      404: components["responses"]["dify-not_found"];
      413: components["responses"]["dify-too_large"];
      415: components["responses"]["dify-unsupported_type"];
      429: components["responses"]["dify-rate_limited"];
      500: components["responses"]["dify-internal"];
      502: components["responses"]["dify-embedder_failed"];
      503: components["responses"]["dify-database_unavailable-embedder_unavailable"];
    };
  };
  /** Ask, as OpenAI's clients do */
  chatCompletion: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          model?: string;
          messages: ({
            role: "system" | "developer";
            content: string | ({
              type: "text" | "input_text";
              text: string;
            })[];
          } | {
            role: "user";
            content: string | ({
              type: "text" | "input_text";
              text: string;
            })[];
          } | {
            role: "assistant";
            content?: string | ({
              type: "text" | "input_text";
              text: string;
            })[] | null;
          })[];
          stream?: boolean | null;
          stream_options?: {
            include_usage?: boolean | null;
          } | null;
          max_tokens?: number | null;
          max_completion_tokens?: number | null;
          response_format?: {
            type: "text";
          } | {
            type: "json_object";
          } | {
            type: "json_schema";
            json_schema: {
              name: string;
              description?: string;
              schema: Record<string, unknown>;
              strict?: boolean | null;
            };
          } | null;
          n?: 1 | null;
          tools?: unknown[] | null;
          kalamna?: {
            top_k?: number;
            document_ids?: string[];
            metadata?: Record<string, string | number | boolean | null>;
            access_level?: "external" | "internal";
            filters?: components["schemas"]["__schema0"];
            min_score?: number;
            rerank?: boolean;
            rewrite?: "auto" | "off";
            expand?: "none" | "multi_query" | "hyde";
            cache?: boolean;
            telemetry?: boolean;
          };
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["ChatCompletion"];
          "text/event-stream": string;
        };
      };
      400: components["responses"]["openai-invalid_request-malformed_json"];
      401: components["responses"]["openai-unauthenticated-session_revoked"];
      403: components["responses"]["openai-forbidden-email_verification_required"];
      413: components["responses"]["openai-too_large"];
      415: components["responses"]["openai-unsupported_type"];
      429: components["responses"]["openai-rate_limited-quota_exceeded"];
      500: components["responses"]["openai-internal"];
      502: components["responses"]["openai-embedder_failed-model_failed"];
      503: components["responses"]["openai-database_unavailable-embedder_unavailable-model_unavailable"];
    };
  };
  /** Texts as vectors of the organization's model */
  createEmbeddings: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          model?: string;
          input: string | string[];
          encoding_format?: "float" | "base64" | null;
          dimensions?: 768 | null;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["Embeddings"];
        };
      };
      400: components["responses"]["openai-invalid_request-malformed_json"];
      401: components["responses"]["openai-unauthenticated-session_revoked"];
      403: components["responses"]["openai-forbidden-email_verification_required"];
      413: components["responses"]["openai-too_large"];
      415: components["responses"]["openai-unsupported_type"];
      429: components["responses"]["openai-rate_limited-quota_exceeded"];
      500: components["responses"]["openai-internal"];
      502: components["responses"]["openai-embedder_failed"];
      503: components["responses"]["openai-database_unavailable-embedder_unavailable"];
    };
  };
  /** List language models */
  listOpenAiModels: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            object: "list";
            data: components["schemas"]["OpenAiModel"][];
          };
        };
      };
      400: components["responses"]["openai-invalid_request"];
      401: components["responses"]["openai-unauthenticated-session_revoked"];
      403: components["responses"]["openai-forbidden-email_verification_required"];
      429: components["responses"]["openai-rate_limited"];
      500: components["responses"]["openai-internal"];
      503: components["responses"]["openai-database_unavailable"];
    };
  };
  /** One language model */
  getOpenAiModel: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["OpenAiModel"];
        };
      };
      400: components["responses"]["openai-invalid_request"];
      401: components["responses"]["openai-unauthenticated-session_revoked"];
      403: components["responses"]["openai-forbidden-email_verification_required"];
      404: components["responses"]["openai-not_found"];
      429: components["responses"]["openai-rate_limited"];
      500: components["responses"]["openai-internal"];
      503: components["responses"]["openai-database_unavailable"];
    };
  };
  /** The one vector store: everything the caller may read */
  listVectorStores: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": {
            object: "list";
            data: components["schemas"]["VectorStore"][];
            first_id: string;
            last_id: string;
            has_more: false;
          };
        };
      };
      400: components["responses"]["openai-invalid_request"];
      401: components["responses"]["openai-unauthenticated-session_revoked"];
      403: components["responses"]["openai-forbidden-email_verification_required"];
      429: components["responses"]["openai-rate_limited"];
      500: components["responses"]["openai-internal"];
      503: components["responses"]["openai-database_unavailable"];
    };
  };
  /** Find passages, as OpenAI's clients do */
  searchVectorStore: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: "default";
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          query: string | string[];
          max_num_results?: number;
          filters?: components["schemas"]["__schema0"] | null;
          ranking_options?: {
            score_threshold?: number | null;
          } | null;
        };
      };
    };
    responses: {
      200: {
        headers: Record<string, unknown>;
        content: {
          "application/json": components["schemas"]["VectorStoreResults"];
        };
      };
      400: components["responses"]["openai-invalid_request-malformed_json"];
      401: components["responses"]["openai-unauthenticated-session_revoked"];
      403: components["responses"]["openai-forbidden-email_verification_required"];
      404: components["responses"]["openai-not_found"];
      413: components["responses"]["openai-too_large"];
      415: components["responses"]["openai-unsupported_type"];
      429: components["responses"]["openai-rate_limited"];
      500: components["responses"]["openai-internal"];
      502: components["responses"]["openai-embedder_failed"];
      503: components["responses"]["openai-database_unavailable-embedder_unavailable"];
    };
  };
}

export interface components {
  schemas: {
    Answer: {
      /** Names this question and its answer ever after. */
      message_id: string;
      /** The conversation it belongs to. */
      session_id?: string;
      /** When `response_format` asked for JSON: what `answer` is the JSON of. */
      structured?: unknown;
      /** Somebody stopped it: `answer` is as far as it came. */
      stopped?: true;
      answer: string;
      /** At least one citation was verified. */
      grounded: boolean;
      /** Share of the answer's statements that a verified citation stands behind, 0 to 1. */
      supported: number | null;
      model: string;
      /** `taught`: an admin's words, no model was asked. */
      mode: "offline" | "openai" | "taught";
      taught?: {
        id: string;
        version: number;
        match: "exact" | "same" | "words" | "close";
      };
      /** Whether the answer was kept from an earlier question; absent where that was not looked up. */
      cache?: {
        hit: true;
        kind: "exact" | "near";
        age_seconds: number;
      } | {
        hit: false;
      };
      /** Why it was quoted without the model. */
      degraded?: "over_budget" | "models_unavailable";
      usage: {
        prompt_tokens: number;
        completion_tokens: number;
      } | null;
      /** By the operator's prices; null when unknown. */
      cost: number | null;
      /** Who was asked, in order. */
      attempts: ({
        model: string;
        /** `ok` for the one that answered, `circuit_open` for one that was left alone. */
        code: "ok" | "circuit_open" | "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
        /** Until the first word, or until it failed. */
        ms: number;
      })[];
      /** Marks that no passage supports. */
      citations_dropped: number;
      /** Addresses and pictures that no source holds. */
      links_removed: number;
      /** Milliseconds per step. `until_model` is from the request's arrival until the model is asked, the steps before it included. */
      ms: Record<string, number>;
      citations: components["schemas"]["Citation"][];
      sources: components["schemas"]["AnswerSource"][];
      retrieval: components["schemas"]["Retrieval"];
    };
    AnswerDone: {
      /** Names this question and its answer ever after. */
      message_id: string;
      /** The conversation it belongs to. */
      session_id?: string;
      /** When `response_format` asked for JSON: what `answer` is the JSON of. */
      structured?: unknown;
      /** Somebody stopped it: `answer` is as far as it came. */
      stopped?: true;
      answer: string;
      /** At least one citation was verified. */
      grounded: boolean;
      /** Share of the answer's statements that a verified citation stands behind, 0 to 1. */
      supported: number | null;
      model: string;
      /** `taught`: an admin's words, no model was asked. */
      mode: "offline" | "openai" | "taught";
      taught?: {
        id: string;
        version: number;
        match: "exact" | "same" | "words" | "close";
      };
      /** Whether the answer was kept from an earlier question; absent where that was not looked up. */
      cache?: {
        hit: true;
        kind: "exact" | "near";
        age_seconds: number;
      } | {
        hit: false;
      };
      /** Why it was quoted without the model. */
      degraded?: "over_budget" | "models_unavailable";
      usage: {
        prompt_tokens: number;
        completion_tokens: number;
      } | null;
      /** By the operator's prices; null when unknown. */
      cost: number | null;
      /** Who was asked, in order. */
      attempts: ({
        model: string;
        /** `ok` for the one that answered, `circuit_open` for one that was left alone. */
        code: "ok" | "circuit_open" | "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
        /** Until the first word, or until it failed. */
        ms: number;
      })[];
      /** Marks that no passage supports. */
      citations_dropped: number;
      /** Addresses and pictures that no source holds. */
      links_removed: number;
      /** Milliseconds per step. `until_model` is from the request's arrival until the model is asked, the steps before it included. */
      ms: Record<string, number>;
    };
    AnswerEvent: {
      event: "sources";
      data: {
        message_id: string;
        session_id?: string;
        sources: components["schemas"]["AnswerSource"][];
        retrieval: components["schemas"]["Retrieval"];
      };
    } | {
      event: "token";
      data: {
        text: string;
      };
    } | {
      event: "citation";
      data: components["schemas"]["Citation"];
    } | {
      event: "done";
      data: components["schemas"]["AnswerDone"];
    } | {
      event: "error";
      data: {
        problem: components["schemas"]["Problem"];
      };
    };
    AnswerSource: {
      kind: "document";
      chunk_id: string;
      document_id: string;
      /** What `[n]` in the answer refers to, from 1. */
      index: number;
      document_name: string;
      version: number;
      title: string | null;
      content: string;
      page: number | null;
      /** Headings above the passage, outermost first. */
      heading: string[];
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      /** Relative to the best one, 0 to 1. */
      score: number;
    } | {
      kind: "taught";
      chunk_id: null;
      document_id: null;
      taught: {
        id: string;
        version: number;
        question: string;
      };
      /** What `[n]` in the answer refers to, from 1. */
      index: number;
      document_name: string;
      version: number;
      title: string | null;
      content: string;
      page: number | null;
      /** Headings above the passage, outermost first. */
      heading: string[];
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      /** Relative to the best one, 0 to 1. */
      score: number;
    } | {
      kind: "log";
      chunk_id: null;
      document_id: null;
      log: {
        time: string | null;
        severity: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | null;
      };
      /** What `[n]` in the answer refers to, from 1. */
      index: number;
      document_name: string;
      version: number;
      title: string | null;
      content: string;
      page: number | null;
      /** Headings above the passage, outermost first. */
      heading: string[];
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      /** Relative to the best one, 0 to 1. */
      score: number;
    };
    ApiKey: {
      id: string;
      name: string;
      /** How the key begins: enough to know it by. */
      prefix: string;
      scopes: ("documents:read" | "documents:write" | "search" | "chat" | "analytics:read" | "evals")[];
      access: "external" | "internal";
      groups: string[];
      status: "active" | "expired" | "revoked";
      created_by: string | null;
      created_at: string;
      expires_at: string | null;
      last_used_at: string | null;
      revoked_at: string | null;
      /** Until then the secret of before the last rotation works as well. */
      previous_works_until: string | null;
    };
    AuditEntry: {
      seq: number;
      at: string;
      actor: {
        kind: "user" | "key" | "widget" | "superadmin" | "service" | "nobody";
        id: string | null;
      };
      action: "account.email_verified" | "account.password_changed" | "account.password_reset" | "account.session_ended" | "account.sessions_ended" | "account.signed_in" | "api_key.created" | "api_key.revoked" | "api_key.rotated" | "batch.cancelled" | "batch.created" | "batch.deleted" | "batch.requeued" | "chat_session.exported" | "chat_session.read" | "chat_sessions.listed" | "document.cancelled" | "document.changed" | "document.deleted" | "document.reindexed" | "document.replaced" | "document.rolled_back" | "document.uploaded" | "documents.deleted" | "documents.requeued" | "employee.changed" | "employee.invited" | "employee.linked" | "employee.provisioned" | "employee.removed" | "employee.synchronized" | "evals.run_begun" | "group.created" | "group.deleted" | "group.member_added" | "group.member_removed" | "group.renamed" | "identity.connected" | "identity.disconnected" | "invitation.accepted" | "invitation.revoked" | "knowledge.changed" | "knowledge.deleted" | "knowledge.suggestion_dismissed" | "knowledge.taught" | "models.embedding_change_begun" | "models.embedding_change_cancelled" | "models.embedding_changed" | "org.changed" | "org.deletion_requested" | "org.resumed" | "org.suspended" | "quota.changed" | "source.changed" | "source.created" | "source.deleted" | "source.paused" | "source.refreshed" | "source.resumed" | "telemetry.connected" | "telemetry.disconnected" | "webhook.changed" | "webhook.created" | "webhook.deleted" | "webhook.disabled" | "webhook.replayed" | "webhook.rotated" | "webhook.tested" | "widget_key.changed" | "widget_key.created" | "widget_key.revoked";
      target: {
        type: "api_key" | "batch" | "chat_session" | "document" | "employee" | "eval_run" | "group" | "identity_provider" | "invitation" | "log_server" | "message" | "org" | "session" | "source" | "taught_answer" | "user" | "webhook" | "widget_key";
        id: string | null;
      } | null;
      detail: Record<string, string | number | boolean | null>;
      result: "ok" | "denied";
      from: {
        address: string;
        agent: string | null;
      };
      request_id: string;
      /** Of this entry and the one before it. */
      hash: string;
    };
    Batch: {
      id: string;
      kind: "ndjson" | "zip";
      status: "open" | "running" | "completed" | "cancelled";
      /** The sender went away; the same Idempotency-Key goes on. */
      broken_off: boolean;
      lines: number;
      refused: number;
      created_by: string | null;
      created_at: string;
      closed_at: string | null;
      completed_at: string | null;
    };
    BatchEvent: {
      event: "document";
      data: components["schemas"]["BatchItem"];
    } | {
      event: "progress";
      data: components["schemas"]["CountedBatch"];
    } | {
      event: "done";
      data: components["schemas"]["CountedBatch"];
    } | {
      event: "error";
      data: {
        problem: components["schemas"]["Problem"];
      };
    };
    BatchItem: {
      /** Of the line, or of the file in the archive; from 1. */
      line: number;
      name: string | null;
      external_id: string | null;
      /** How it came in. */
      outcome: "created" | "replaced" | "unchanged" | "duplicate" | "requeued" | "refused";
      document_id: string | null;
      /** Where an address is being fetched. */
      source_id: string | null;
      failure: {
        code: string;
        detail: string;
      } | null;
      /** Where the document is now. */
      state: "pending" | "extracting" | "embedding" | "ready" | "failed" | "refused" | "deleted";
    };
    BatchLine: {
      /** Of the line, or of the file in the archive; from 1. */
      line: number;
      name: string | null;
      external_id: string | null;
      /** How it came in. */
      outcome: "created" | "replaced" | "unchanged" | "duplicate" | "requeued" | "refused";
      document_id: string | null;
      /** Where an address is being fetched. */
      source_id: string | null;
      failure: {
        code: string;
        detail: string;
      } | null;
    };
    BatchWithFailures: {
      id: string;
      kind: "ndjson" | "zip";
      status: "open" | "running" | "completed" | "cancelled";
      /** The sender went away; the same Idempotency-Key goes on. */
      broken_off: boolean;
      lines: number;
      refused: number;
      created_by: string | null;
      created_at: string;
      closed_at: string | null;
      completed_at: string | null;
      /** Lines by state. */
      counts: {
        pending: number;
        extracting: number;
        embedding: number;
        ready: number;
        failed: number;
        refused: number;
        deleted: number;
      };
      /** Lines by how they came in. */
      outcomes: Record<string, number>;
      /** Share of the lines that have ended, 0 to 1. */
      progress: number;
      /** The first hundred. */
      failures: components["schemas"]["BatchItem"][];
    };
    ChannelUse: {
      channel: string;
      questions: number;
      answered: number;
      up: number;
      down: number;
      tokens: number;
      cost: number;
      last_asked: string;
    };
    ChatCompletion: {
      id: string;
      object: "chat.completion";
      created: number;
      model: string;
      choices: {
        index: number;
        message: {
          role: "assistant";
          content: string;
          refusal: null;
          /** Citations. */
          annotations: {
            type: "url_citation";
            [more: string]: unknown;
          }[];
        };
        logprobs: null;
        finish_reason: "stop";
      }[];
      usage: {
        prompt_tokens: number;
        completion_tokens: number;
        total_tokens: number;
      };
      /** What is ours: grounded, sources, cost. */
      kalamna: {
        message_id: string;
        [more: string]: unknown;
      };
    };
    /** A passage. */
    Chunk: {
      id: string;
      ordinal: number;
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      page: number | null;
      heading: string[];
      content: string;
      tokens: number;
      version: number;
    };
    Citation: {
      kind: "document";
      chunk_id: string;
      document_id: string;
      index: number;
      /** UTF-16 range of the mark `[n]` in the answer. */
      answer_start: number;
      answer_end: number;
      /** UTF-16 range of the words in the answer that the mark stands behind. */
      claim_start: number;
      claim_end: number;
      document_name: string;
      version: number;
      page: number | null;
      heading: string[];
      /** UTF-16 range of the quote in the document's text. */
      start: number;
      end: number;
      /** Verbatim from the passage. */
      quote: string;
      /** In a structured answer, the JSON Pointer of the string that holds the mark. */
      path?: string;
    } | {
      kind: "taught";
      chunk_id: null;
      document_id: null;
      taught: {
        id: string;
        version: number;
        question: string;
      };
      index: number;
      /** UTF-16 range of the mark `[n]` in the answer. */
      answer_start: number;
      answer_end: number;
      /** UTF-16 range of the words in the answer that the mark stands behind. */
      claim_start: number;
      claim_end: number;
      document_name: string;
      version: number;
      page: number | null;
      heading: string[];
      /** UTF-16 range of the quote in the document's text. */
      start: number;
      end: number;
      /** Verbatim from the passage. */
      quote: string;
      /** In a structured answer, the JSON Pointer of the string that holds the mark. */
      path?: string;
    } | {
      kind: "log";
      chunk_id: null;
      document_id: null;
      log: {
        time: string | null;
        severity: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | null;
      };
      index: number;
      /** UTF-16 range of the mark `[n]` in the answer. */
      answer_start: number;
      answer_end: number;
      /** UTF-16 range of the words in the answer that the mark stands behind. */
      claim_start: number;
      claim_end: number;
      document_name: string;
      version: number;
      page: number | null;
      heading: string[];
      /** UTF-16 range of the quote in the document's text. */
      start: number;
      end: number;
      /** Verbatim from the passage. */
      quote: string;
      /** In a structured answer, the JSON Pointer of the string that holds the mark. */
      path?: string;
    };
    Conversation: {
      id: string;
      title: string;
      /** An answer is being given; `GET /api/v1/chat/:id/stream` follows it. */
      answering: boolean;
      owner: {
        user_id?: string;
        key_id?: string;
        end_user?: string;
        visitor_id?: string;
      };
      created_at: string;
      updated_at: string;
    };
    CountedBatch: {
      id: string;
      kind: "ndjson" | "zip";
      status: "open" | "running" | "completed" | "cancelled";
      /** The sender went away; the same Idempotency-Key goes on. */
      broken_off: boolean;
      lines: number;
      refused: number;
      created_by: string | null;
      created_at: string;
      closed_at: string | null;
      completed_at: string | null;
      /** Lines by state. */
      counts: {
        pending: number;
        extracting: number;
        embedding: number;
        ready: number;
        failed: number;
        refused: number;
        deleted: number;
      };
      /** Lines by how they came in. */
      outcomes: Record<string, number>;
      /** Share of the lines that have ended, 0 to 1. */
      progress: number;
    };
    Deletion: {
      deletion: {
        id: string;
        kind: "documents" | "batch" | "source";
        /** The batch or source. */
        target: string | null;
        status: "running" | "done";
        documents: number;
        versions: number;
        chunks: number;
        drafts: number;
        /** Originals that nothing the requester can see has any more. */
        files: number;
        bytes: number;
        /** Documents that are not the requester's to delete. */
        kept: number | null;
        created_at: string;
        finished_at: string | null;
      };
      /** A JWS, once it is done. */
      receipt?: string;
    };
    Delivery: {
      id: string;
      /** `webhook-id` at its receiver. */
      message_id: string;
      event: "document.ready" | "document.failed" | "batch.completed" | "webhook.test";
      status: "pending" | "delivered" | "failed" | "cancelled";
      attempts: number;
      next_attempt_at: string | null;
      last_status: number | null;
      last_error: string | null;
      duration_ms: number | null;
      created_at: string;
      delivered_at: string | null;
    };
    /** An error as Dify knows it. */
    DifyFailure: {
      error_code: number;
      error_msg: string;
      code: string;
    };
    DifyRecords: {
      records: {
        content: string;
        score: number;
        title: string;
        metadata: Record<string, unknown>;
      }[];
    };
    Document: {
      id: string;
      name: string;
      /** As the document says it itself. */
      title: string | null;
      content_type: string;
      bytes: number;
      sha256: string;
      access_level: "external" | "internal";
      /** Null: whoever the access level lets in. */
      groups: string[] | null;
      /** Your own labels; search can ask for them. */
      metadata: Record<string, string | number | boolean | null>;
      status: "pending" | "extracting" | "embedding" | "ready" | "failed";
      failure: {
        code: string;
        detail: string | null;
        /** May reading it again help? */
        retryable: boolean;
      } | null;
      version: number;
      /** The version that answers; null until there is one. */
      published_version: number | null;
      external_id: string | null;
      url: string | null;
      source_id: string | null;
      batch_id: string | null;
      lane: "ingest" | "ingest-bulk";
      attempt: number;
      counts: {
        pages: number | null;
        characters: number | null;
        chunks: number | null;
        tokens: number | null;
      };
      /** Passages whose embedding was known already, and those that had to be made. */
      delta: {
        reused: number | null;
        embedded: number | null;
      };
      step_ms: Record<string, number>;
      created_by: string | null;
      created_at: string;
      updated_at: string;
      ready_at: string | null;
    };
    DocumentUse: {
      document_id: string;
      name: string;
      retrieved: number;
      cited: number;
      up: number;
      down: number;
    };
    Embeddings: {
      object: "list";
      data: ({
        object: "embedding";
        index: number;
        /** Numbers, or base64 of 32-bit floats. */
        embedding: number[] | string;
      })[];
      model: string;
      usage: {
        prompt_tokens: number;
        total_tokens: number;
      };
    };
    Employee: {
      id: string;
      email: string;
      name: string | null;
      role: "admin" | "member" | "viewer";
      access: "external" | "internal";
      /** What an admin decided about `access`; null when it follows from the e-mail's domain. */
      access_override: "external" | "internal" | null;
      status: "active" | "deactivated";
      groups: string[];
      email_verified: boolean;
      last_seen_at: string | null;
      created_at: string;
    };
    EmployeeUse: {
      user_id: string;
      email: string | null;
      questions: number;
      answered: number;
      up: number;
      down: number;
      tokens: number;
      cost: number;
      last_asked: string;
    };
    EvalCandidate: {
      message_id: string;
      voted_at: string;
      question: string;
      answer: string | null;
      reason: string | null;
      expected_answer: string | null;
      /** What the answer was drawn from. */
      document_ids: string[];
    };
    EvalCase: {
      id: string;
      question: string;
      /** Documents that hold the answer: any of these, by either name, is a hit. */
      document_ids: string[];
      external_ids: string[];
      /** What the answer has to say. Said when all content words and numbers of the fact stand in it, inflections undone. */
      facts: string[];
      /** False: the documents do not say, and the answer should be that. */
      answerable: boolean;
      tags: string[];
      note: string;
      /** The question that somebody voted down, of which it was made. */
      message_id: string | null;
      created_by: string | null;
      created_by_key: string | null;
      created_at: string;
      updated_at: string;
    };
    EvalFigures: {
      cases: number;
      answerable: number;
      /** Answered with what an admin taught: not looked up in documents. */
      taught: number;
      /** Not asked, and in no other figure: none of their documents is there any more. */
      gone: number;
      /** Share of cases whose document is the first that was found. */
      hit_at_1: number | null;
      hit_at_3: number | null;
      hit_at_5: number | null;
      /** As far as `top_k` reaches. */
      hit_at_10: number | null;
      mrr: number | null;
      ndcg_at_10: number | null;
      /** Share of an answer's citations that are of an expected document. */
      citation_precision: number | null;
      /** Share of the marks that the model wrote whose quote stands in its passage. */
      citations_verified: number | null;
      supported: number | null;
      facts_found: number | null;
      /** Share of the cases without an answer that got none. */
      right_refusals: number | null;
      /** Share of the others that got none. */
      false_refusals: number | null;
      /** Questions that failed; each counts as a miss. */
      errors: number | null;
      /** Milliseconds. */
      latency_p50: number | null;
      latency_p95: number | null;
      tokens: number | null;
      cost: number | null;
    };
    EvalResult: {
      case_id: string;
      /** Which of the run's, from 0. */
      configuration: number;
      status: "waiting" | "done" | "failed";
      asked: {
        question: string;
        document_ids: string[];
        external_ids: string[];
        facts: string[];
        answerable: boolean;
        tags: string[];
      };
      outcome: {
        /** Those that were found, best first. */
        documents: string[];
        /** Place of the first that was expected, from 1. */
        rank: number | null;
        ndcg: number | null;
        refused: boolean;
        taught: boolean;
        /** Which of the case's facts it says. */
        facts: boolean[];
        citations: {
          all: number;
          expected: number;
          dropped: number;
        };
        supported: number | null;
        model: string | null;
        tokens: number;
        cost: number | null;
        ms: number;
        error?: {
          code: string;
          detail: string;
        };
        /** Was not asked: none of its documents is there any more, or none for the asker. */
        gone?: true;
      } | null;
      /** At most 2,000 characters; null for whoever may not read what it was drawn from. */
      answer: string | null;
    };
    EvalRun: {
      id: string;
      name: string;
      kind: "answer" | "search";
      status: "running" | "done" | "failed" | "cancelled";
      tags: string[];
      configurations: ({
        name?: string;
        top_k: number;
        min_score?: number;
        rerank?: boolean;
        rewrite?: "auto" | "off";
        expand?: "none" | "multi_query" | "hyde";
        access_level?: "external" | "internal";
        filters?: components["schemas"]["__schema0"];
        metadata?: Record<string, string | number | boolean | null>;
        model?: string;
        cache: boolean;
      })[];
      /** One for each configuration, in their order; null until it ends. */
      figures: components["schemas"]["EvalFigures"][] | null;
      gate: {
        /** Null until it ends. */
        passed: boolean | null;
        checks: ({
          figure: "hit_at_1" | "hit_at_3" | "hit_at_5" | "hit_at_10" | "mrr" | "ndcg_at_10" | "citation_precision" | "citations_verified" | "supported" | "facts_found" | "right_refusals" | "false_refusals" | "errors" | "latency_p50" | "latency_p95" | "tokens" | "cost";
          wanted: number;
          got: number | null;
          better: "more" | "less";
          ok: boolean;
        })[];
      } | null;
      progress: {
        done: number;
        total: number;
      };
      failure: {
        code: string;
        detail: string;
      } | null;
      started_by: {
        user_id: string | null;
        key_id: string | null;
      };
      created_at: string;
      finished_at: string | null;
    };
    Feedback: {
      message_id: string;
      rating: "up" | "down";
      at: string;
      reason: string | null;
      comment: string | null;
      expected_answer: string | null;
      question: string;
      answer: string | null;
      channel: string;
      user_id: string | null;
      model: string | null;
    };
    Group: {
      id: string;
      name: string;
      members: number;
      created_at: string;
    };
    IdentityProvider: {
      id: string;
      issuer: string;
      audience: string;
      jwks_uri: string | null;
      algorithms: ("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA")[];
      claims: {
        email: string;
        email_verified: string;
        role: {
          claim?: string;
          values: Record<string, "admin" | "member" | "viewer">;
          default: "admin" | "member" | "viewer";
        };
        access?: {
          claim: string;
          values: Record<string, "external" | "internal">;
          default: "external" | "internal";
        };
        groups?: {
          claim: string;
          values: Record<string, string>;
        };
      };
      domains: string[];
      status: "active" | "disabled";
      created_at: string;
      updated_at: string;
    };
    Inspection: {
      name: string;
      format: string;
      content_type: string;
      bytes: number;
      sha256: string;
      duplicate_of: {
        id: string;
        name: string;
        status: string;
      } | null;
      title: string | null;
      pages: number | null;
      characters: number;
      chunks: number;
      /** Estimated. */
      tokens: number;
      /** What would still have to be embedded. */
      embedding: {
        model: string;
        chunks: number;
        tokens: number;
      };
    };
    Invitation: {
      id: string;
      email: string;
      role: "admin" | "member" | "viewer";
      access: "external" | "internal" | null;
      groups: string[];
      invited_by: string | null;
      created_at: string;
      expires_at: string;
    };
    KeptSource: {
      kind: "document";
      chunk_id: string;
      document_id: string;
      /** What `[n]` in the answer refers to, from 1. */
      index: number;
      document_name: string;
      version: number;
      title: string | null;
      /** Of a document, and as long as the passage is in it. */
      content?: string | null;
      page: number | null;
      /** Headings above the passage, outermost first. */
      heading: string[];
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      /** Relative to the best one, 0 to 1. */
      score: number;
    } | {
      kind: "taught";
      chunk_id: null;
      document_id: null;
      taught: {
        id: string;
        version: number;
        question: string;
      };
      /** What `[n]` in the answer refers to, from 1. */
      index: number;
      document_name: string;
      version: number;
      title: string | null;
      /** Of a document, and as long as the passage is in it. */
      content?: string | null;
      page: number | null;
      /** Headings above the passage, outermost first. */
      heading: string[];
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      /** Relative to the best one, 0 to 1. */
      score: number;
    } | {
      kind: "log";
      chunk_id: null;
      document_id: null;
      log: {
        time: string | null;
        severity: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | null;
      };
      /** What `[n]` in the answer refers to, from 1. */
      index: number;
      document_name: string;
      version: number;
      title: string | null;
      /** Of a document, and as long as the passage is in it. */
      content?: string | null;
      page: number | null;
      /** Headings above the passage, outermost first. */
      heading: string[];
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      /** Relative to the best one, 0 to 1. */
      score: number;
    } | {
      /** What `[n]` in the answer refers to, from 1. */
      index: number;
      /** Its document is gone, or not for this reader any more. */
      unavailable: true;
    };
    LogConnection: {
      /** Where it is. The rest of its address is never shown. */
      origin: string;
      /** Names of the headers that it is sent; never their values. */
      headers: string[];
      /** The tool that searches. */
      tool: string;
      /** Which of the tool's arguments takes what. */
      arguments: {
        query: string;
        from: string | null;
        to: string | null;
        limit: string | null;
        severity: string | null;
        times: "rfc3339" | "seconds" | "milliseconds";
        constants: Record<string, string | number | boolean>;
      };
      /** What is taken out of every line before anybody reads it. */
      redaction: {
        built_in: ("email" | "bearer" | "api_key" | "card")[];
        rules: {
          name: string;
          pattern: string;
        }[];
      };
      created_at: string;
      updated_at: string;
    };
    LogLine: {
      time: string | null;
      /** Null when the line does not say. */
      severity: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | null;
      message: string;
      attributes: Record<string, string | number | boolean | null>;
    };
    McpReply: {
      jsonrpc: "2.0";
      /** Absent when the request's is not known. */
      id?: string | number;
      result?: Record<string, unknown>;
      error?: {
        code: number;
        message: string;
        data?: Record<string, unknown>;
      };
    };
    McpRequest: {
      jsonrpc: "2.0";
      /** Absent in a notification. */
      id?: string | number;
      /** `initialize`, `server/discover`, `tools/list`, `tools/call`, … */
      method: string;
      params?: Record<string, unknown>;
      [more: string]: unknown;
    };
    Member: {
      id: string;
      email: string;
      name: string | null;
    };
    /** A question and its answer. */
    Message: {
      id: string;
      question: string;
      /** The question in the light of what was said before. */
      standalone_question: string | null;
      answer: string | null;
      /** It was drawn from what the reader may not read any more. */
      withheld: boolean;
      status: "answering" | "complete" | "stopped" | "failed";
      failure_code: string | null;
      grounded: boolean | null;
      off_topic: boolean | null;
      cache: string | null;
      sources: components["schemas"]["KeptSource"][];
      citations: components["schemas"]["Citation"][];
      model: string | null;
      mode: string | null;
      usage: {
        prompt_tokens: number;
        completion_tokens: number;
      } | null;
      cost: number | null;
      ms: Record<string, number> | null;
      created_at: string;
      finished_at: string | null;
    };
    Models: {
      embedding: {
        offered: ({
          model: string;
          mode: "offline" | "openai";
          default: boolean;
        })[];
        /** Null while the organization has published nothing. */
        current: string | null;
        /** False: nobody offers it any more, and words alone find. */
        available: boolean;
        chunks: {
          total: number;
          embedded: number;
        };
        /** What embedding everything anew takes, about. */
        estimate: {
          tokens: number;
        };
        change: {
          id: string;
          phase: "embedding" | "removing";
          target: string | null;
          progress: {
            done: number;
            total: number;
          };
          tokens: {
            spent: number;
            left: number;
          };
          failure: {
            code: string;
            detail: string;
          } | null;
          started_at: string | null;
        } | null;
      };
      chat: {
        offered: ({
          model: string;
          mode: "offline" | "openai";
          default: boolean;
          /** Tokens. */
          context: number | null;
          max_output: number | null;
          /** For a million tokens. */
          price: {
            input: number;
            output: number;
          } | null;
          state: "closed" | "open" | "half_open" | "misconfigured";
        })[];
        /** The organization's own order; empty for the installation's. */
        chosen: string[];
        /** Who is asked, in this order. */
        chain: string[];
      };
    };
    /** As RFC 6749 §5.2 has it. */
    OAuthError: {
      error: "invalid_request" | "invalid_grant" | "unsupported_grant_type";
      error_description: string;
    };
    /** An error as OpenAI's clients know it; `code` is ours. */
    OpenAiFailure: {
      error: {
        message: string;
        type: string;
        param: string | null;
        code: string;
      };
    };
    OpenAiModel: {
      id: string;
      object: "model";
      created: number;
      owned_by: string;
    };
    Organization: {
      id: string;
      name: string;
      created_at: string;
      /** Admins only. */
      settings?: components["schemas"]["Settings"];
    };
    OrganizationDeleted: {
      deleted: {
        organization: {
          id: string;
          name: string;
        };
        requested_by: {
          kind: "user" | "superadmin";
          id: string;
        };
        deleted_at: string;
        completed_at: string | null;
        /** Rows that it had, by table. */
        rows: Record<string, number>;
        files: number | null;
      };
      /** The same as a JWS. */
      receipt: string;
      /** `deleting`: ask `GET /api/v1/org/deletion`, with the confirmation. */
      status: "deleted" | "deleting";
    };
    OrganizationDeletionRequested: {
      organization: {
        id: string;
        name: string;
      };
      /** Send it back to delete for good. */
      confirmation: string;
      expires_at: string;
    };
    OrganizationUsage: {
      id: string;
      name: string;
      status: "active" | "suspended" | "deleting";
      created_at: string;
      usage: {
        users: number;
        documents: number;
        bytes: number;
        chunks: number;
        /** Of this calendar month, UTC. */
        questions: number;
        tokens: number;
      };
    };
    /** Of a superadmin; ends with its access token. */
    PlatformSignIn: {
      /** Goes into the Authorization header. */
      token: string;
      token_type: "Bearer";
      /** Seconds the access token holds. */
      expires_in: number;
      user: {
        id: string;
        email: string;
        role: "superadmin";
      };
    };
    /** An error as RFC 9457 has it. */
    Problem: {
      /** Address of the error's name. */
      type: string;
      /** The same for every error with this code. */
      title: string;
      status: number;
      /** What to branch on. It never changes its meaning. */
      code: string;
      /** What happened here and what to do, for the person who reads it. */
      detail: string;
      /** Stands in our logs as well: quote it when you ask for help. */
      request_id: string;
      /** Of an `invalid_request`: each field that is wrong. */
      errors?: {
        path: string;
        message: string;
      }[];
      [more: string]: unknown;
    };
    Profile: {
      user: {
        id: string;
        email: string;
        name: string | null;
        role: "admin" | "member" | "viewer";
        access: "external" | "internal";
        email_verified: boolean;
      };
      org: {
        id: string;
        name: string;
      };
    };
    /** As RFC 9728 has it. */
    ProtectedResource: {
      resource: string;
      resource_name: string;
      bearer_methods_supported: "header"[];
      scopes_supported: string[];
    };
    QuestionCluster: {
      /** As it was asked last. */
      question: string;
      asked: number;
      grounded: number;
      up: number;
      down: number;
      last_asked: string;
      variants: string[];
      expected_answer: string | null;
      message_ids: string[];
    };
    QuestionFigures: {
      questions: number;
      people: number;
      answered: number;
      grounded: number;
      not_in_documents: number;
      failed: number;
      stopped: number;
      taught: number;
      cache_hits: number;
      up: number;
      down: number;
      prompt_tokens: number;
      completion_tokens: number;
      cost: number;
      /** 0 to 1; null when there is nothing to take a share of. */
      answered_share: number | null;
      /** 0 to 1; null when there is nothing to take a share of. */
      grounded_share: number | null;
      /** 0 to 1; null when there is nothing to take a share of. */
      satisfaction: number | null;
      first_token_ms: {
        p50: number;
        p95: number;
        p99: number;
      } | null;
      total_ms: {
        p50: number;
        p95: number;
        p99: number;
      } | null;
    };
    QuestionPeriod: {
      /** Its beginning, in the time zone asked for. */
      period: string;
      questions: number;
      people: number;
      answered: number;
      grounded: number;
      not_in_documents: number;
      failed: number;
      stopped: number;
      cache_hits: number;
      up: number;
      down: number;
      tokens: number;
      cost: number;
      /** Of whole answers; null without one. */
      p50_ms: number | null;
      p95_ms: number | null;
    };
    QuestionSummary: {
      period: {
        from: string;
        to: string;
      };
      figures: components["schemas"]["QuestionFigures"];
      before: components["schemas"]["QuestionFigures"];
    };
    /** Null: what holds for all, and there any amount. */
    Quota: {
      documents: number | null;
      storage_bytes: number | null;
      questions: number | null;
      tokens: number | null;
    };
    Readiness: {
      status: "ready" | "not_ready";
      database: {
        status: "ok" | "down";
        ms: number;
      };
      files: {
        status: "ok" | "down";
        ms: number;
        to_remove: number | null;
        orphans_removed: number | null;
      };
      queue: {
        unfinished: number;
        oldest_seconds: number;
        /** Past their deadline; must be 0. */
        overdue: number;
        lanes: {
          ingest: {
            unfinished: number;
            working: number;
            waiting: number;
            oldest_seconds: number;
            /** Past their deadline; must be 0. */
            overdue: number;
          };
          "ingest-bulk": {
            unfinished: number;
            working: number;
            waiting: number;
            oldest_seconds: number;
            /** Past their deadline; must be 0. */
            overdue: number;
          };
        };
      } | null;
      /** As last measured, within a week. */
      recall: {
        organizations: number;
        /** Of the ten nearest chunks, the share found where it is lowest. */
        lowest: number | null;
        /** Organizations in which it is lower than .95. */
        below_95: number;
      } | null;
      models: {
        embedder: {
          model: string;
          mode: string;
          providers: ({
            state: "closed" | "open" | "half_open" | "misconfigured";
            /** In a row. */
            failures: number;
            fault?: "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
            retry_in_seconds?: number;
          })[];
        };
        without_embedder: number | null;
        chat: {
          model: string;
          mode: string;
          chain: ({
            model: string;
            state: "closed" | "open" | "half_open" | "misconfigured";
            /** In a row. */
            failures: number;
            fault?: "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
            retry_in_seconds?: number;
          })[];
        };
        reranker?: {
          model: string;
          state: "closed" | "open" | "half_open" | "misconfigured";
          /** In a row. */
          failures: number;
          fault?: "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
          retry_in_seconds?: number;
        };
      };
    };
    RecallDay: {
      day: string;
      embedding_model: string;
      questions: number;
      recall: number | null;
      worst: number | null;
      chunks: number;
      routed_ms: number | null;
      exact_ms: number | null;
      neighbours: number | null;
      strangers: number | null;
    };
    Result: {
      chunk_id: string;
      document_id: string;
      document_name: string;
      version: number;
      title: string | null;
      content: string;
      page: number | null;
      /** Headings above the passage, outermost first. */
      heading: string[];
      /** UTF-16 range in the document's text. */
      start: number;
      end: number;
      /** Relative to the best one, 0 to 1. */
      score: number;
      ordinal: number;
      access_level: "external" | "internal";
      metadata: Record<string, string | number | boolean | null>;
      /** What the passage was joined from, when that is more than one chunk. */
      chunks?: {
        chunk_id: string;
        ordinal: number;
      }[];
      /** How much of the question it answers, 0 to 1: what `min_score` is compared with. */
      relevance: number;
      scores: {
        lexical: number;
        vector: number | null;
      };
    };
    Retrieval: {
      /** `lexical` when the vectors have no say in the order. */
      mode: "hybrid" | "lexical";
      embedding_model: string;
      candidates: {
        lexical: number;
        vector: number;
      };
      paths: {
        lexical: "exact" | "terms";
        vector: "exact" | "segments" | "none";
      };
      query?: {
        original: string;
        /** What a follow-up was searched for instead. */
        standalone: string | null;
        variants: string[];
        rewrite?: "ok" | "rules" | "not_done" | "over_budget" | "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
        expand?: "ok" | "rules" | "not_done" | "over_budget" | "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
      };
      rerank?: {
        model: string;
        ms: number;
        outcome: "ok" | "circuit_open" | "rate_limited" | "overloaded" | "unreachable" | "timeout" | "cut" | "unreadable" | "empty" | "misconfigured" | "too_long" | "refused" | "content_policy";
      };
      /** Passages below it were left out. */
      min_score?: number;
      ms: number;
      /** Share of the question that the best passage answers, about 0 to 1. */
      off_topic_ratio: number;
      /** The documents do not speak of this. */
      off_topic: boolean;
    };
    Session: {
      id: string;
      /** What the device called itself when it last renewed its tokens. */
      agent: string | null;
      address: string;
      created_at: string;
      last_used_at: string;
      expires_at: string;
      /** Is it the one that asks? */
      current: boolean;
    };
    Settings: {
      /** A verified e-mail in one of these makes its owner internal, unless an admin decided otherwise. */
      internal_domains: string[];
      /** Pages that may call the API from a browser. */
      allowed_origins: string[];
      /** Past the month's tokens: quote without a model, or refuse. */
      over_budget: "extractive" | "refuse";
      /** May software have texts embedded at `POST /v1/embeddings`? */
      embeddings_api: boolean;
      /** How answers are to be written, in the organization's own words. */
      answer_instructions: string | null;
      /** Is an answer finished and kept when its reader goes away? */
      finish_answers: boolean;
      /** May admins read the conversations of others? */
      admins_read_sessions: boolean;
      /** After how many days conversations are forgotten. */
      history_days: number | null;
      /** Passages that answer less of a question are left out. */
      min_score: number | null;
      /** May found passages be read once more, where somebody is there to do it? */
      rerank: boolean;
      /** May answers be kept for whoever asks the same? */
      answer_cache: "on" | "off";
      /** For so long at most. */
      answer_cache_hours: number;
      /** In the order in which they are asked; none for the installation's. */
      chat_models: string[];
    };
    SignIn: {
      /** Goes into the Authorization header. */
      token: string;
      token_type: "Bearer";
      /** Seconds the access token holds. */
      expires_in: number;
      /** Works once, at `POST /api/v1/auth/refresh`. */
      refresh_token: string;
      user: {
        id: string;
        email: string;
        name: string | null;
        role: "admin" | "member" | "viewer";
        access: "external" | "internal";
        email_verified: boolean;
      };
      org: {
        id: string;
        name: string;
      };
    };
    Source: {
      id: string;
      kind: "url" | "sitemap" | "crawl";
      url: string;
      name: string | null;
      external_id: string | null;
      batch_id: string | null;
      settings: Record<string, unknown>;
      /** What becomes of a document whose page is gone. */
      on_gone: "keep" | "delete";
      /** Minutes; null: fetched once. */
      refresh_every: number | null;
      access_level: "external" | "internal";
      groups: string[] | null;
      metadata: Record<string, string | number | boolean | null>;
      status: "idle" | "running" | "paused" | "failed";
      failure: {
        code: string;
        detail: string | null;
      } | null;
      /** Counts the rounds through its pages. */
      run: number;
      /** By state. */
      pages: Record<string, number>;
      limit_reached: boolean;
      /** Of a single address: the document, once it is fetched. */
      document_id: string | null;
      created_by: string | null;
      created_at: string;
      started_at: string;
      finished_at: string | null;
      next_run_at: string | null;
    };
    SourceAccepted: {
      source: components["schemas"]["Source"];
      duplicate: boolean;
    };
    SourcePage: {
      url: string;
      kind: "page" | "sitemap";
      state: "queued" | "fetched" | "unchanged" | "skipped" | "failed" | "disallowed" | "gone";
      failure: {
        code: string;
        detail: string | null;
      } | null;
      depth: number;
      document_id: string | null;
      attempt: number;
      checked_at: string | null;
      changed_at: string | null;
    };
    Suggestion: {
      /** The message in which it was asked last: names the suggestion. */
      id: string;
      question: string;
      /** Other wordings, at most five. */
      variants: string[];
      reason: "voted_down" | "unanswered";
      asked: number;
      down: number;
      last_asked: string;
      /** What somebody who voted an answer down said it should be. */
      proposed_answer: string | null;
      /** The newest twenty. */
      message_ids: string[];
    };
    TaughtAnswer: {
      id: string;
      version: number;
      question: string;
      /** Other ways to ask the same. */
      variants: string[];
      /** Markdown, given word for word. */
      answer: string;
      access_level: "external" | "internal";
      groups: string[] | null;
      expires_at: string | null;
      enabled: boolean;
      state: "active" | "disabled" | "expired";
      /** Admins only: why it was taught. */
      note?: string;
      created_by: string | null;
      updated_by: string | null;
      created_at: string;
      updated_at: string;
    };
    TaughtVersion: {
      version: number;
      question: string;
      /** Other ways to ask the same. */
      variants: string[];
      /** Markdown, given word for word. */
      answer: string;
      access_level: "external" | "internal";
      groups: string[] | null;
      expires_at: string | null;
      enabled: boolean;
      note: string;
      changed_by: string | null;
      created_at: string;
    };
    Uploaded: {
      document: components["schemas"]["Document"];
      duplicate: boolean;
      /** `requeued`: the same bytes, and reading them had failed before. */
      outcome: "created" | "replaced" | "unchanged" | "duplicate" | "requeued";
    };
    Usage: {
      /** As they are now. */
      documents: {
        used: number;
        limit: number | null;
      };
      /** As they are now. */
      storage_bytes: {
        used: number;
        limit: number | null;
      };
      /** Of this month. */
      questions: {
        used: number;
        limit: number | null;
      };
      /** Of this month, of the language model, both ways. */
      tokens: {
        used: number;
        limit: number | null;
      };
      month: string;
      resets_at: string;
    };
    VectorStore: {
      id: string;
      object: "vector_store";
      name: string;
      created_at: number;
      status: "completed";
      metadata: Record<string, unknown>;
    };
    VectorStoreResults: {
      object: "vector_store.search_results.page";
      search_query: string[];
      data: {
        file_id: string;
        filename: string;
        score: number;
        attributes: Record<string, unknown>;
        content: {
          type: "text";
          text: string;
        }[];
        kalamna: {
          chunk_id: string;
          [more: string]: unknown;
        };
      }[];
      has_more: false;
      next_page: null;
    };
    Version: {
      version: number;
      name: string;
      content_type: string;
      bytes: number;
      sha256: string;
      status: "pending" | "published" | "superseded" | "failed";
      failure: {
        code: string;
        detail: string | null;
      } | null;
      counts: {
        pages: number | null;
        characters: number | null;
        chunks: number | null;
        tokens: number | null;
      };
      /** Passages whose embedding was known already, and those that had to be made. */
      delta: {
        reused: number | null;
        embedded: number | null;
      };
      created_at: string;
      published_at: string | null;
      /** The one that answers. */
      current: boolean;
    };
    Webhook: {
      id: string;
      url: string;
      description: string;
      events: ("document.ready" | "document.failed" | "batch.completed")[];
      enabled: boolean;
      /** Why we switched it off: `gone` (410) or `failing` (for five days). */
      disabled_reason: "gone" | "failing" | null;
      disabled_at: string | null;
      /** Tries in a row that did not get through. */
      failures: number;
      failing_since: string | null;
      /** Until then messages carry a signature of the secret before the last rotation as well. */
      previous_signs_until: string | null;
      created_by: string | null;
      created_at: string;
      updated_at: string;
    };
    WholeDelivery: {
      id: string;
      /** `webhook-id` at its receiver. */
      message_id: string;
      event: "document.ready" | "document.failed" | "batch.completed" | "webhook.test";
      status: "pending" | "delivered" | "failed" | "cancelled";
      attempts: number;
      next_attempt_at: string | null;
      last_status: number | null;
      last_error: string | null;
      duration_ms: number | null;
      created_at: string;
      delivered_at: string | null;
      payload: Record<string, unknown>;
      /** Its first 500 characters. */
      response: string | null;
    };
    WidgetKey: {
      id: string;
      name: string;
      /** No secret: it stands in web pages. */
      key: string;
      allowed_origins: string[];
      status: "active" | "expired" | "revoked";
      created_by: string | null;
      created_at: string;
      last_used_at: string | null;
      revoked_at: string | null;
    };
    __schema0: {
      type: "eq" | "ne";
      key: string;
      value: string | number | boolean;
    } | {
      type: "gt" | "gte" | "lt" | "lte";
      key: string;
      value: string | number;
    } | {
      type: "in" | "nin";
      key: string;
      value: (string | number | boolean)[];
    } | {
      type: "and" | "or";
      filters: components["schemas"]["__schema0"][];
    };
  };
  responses: {
    "dify-database_unavailable-embedder_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-embedder_failed": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-forbidden-email_verification_required": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-internal": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-invalid_request-malformed_json": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-not_found": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-rate_limited": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-too_large": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-unauthenticated-session_revoked": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "dify-unsupported_type": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["DifyFailure"];
      };
    };
    "openai-database_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-database_unavailable-embedder_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-database_unavailable-embedder_unavailable-model_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-embedder_failed": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-embedder_failed-model_failed": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-forbidden-email_verification_required": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-internal": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-invalid_request": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-invalid_request-malformed_json": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-not_found": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-rate_limited": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-rate_limited-quota_exceeded": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-too_large": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-unauthenticated-session_revoked": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "openai-unsupported_type": {
      headers: Record<string, unknown>;
      content: {
        "application/json": components["schemas"]["OpenAiFailure"];
      };
    };
    "problem-already_member": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "already_member";
        });
      };
    };
    "problem-answer_running": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "answer_running";
        });
      };
    };
    "problem-broken_document-document_too_complex-encrypted_document": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "broken_document" | "document_too_complex" | "encrypted_document";
        });
      };
    };
    "problem-case_exists": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "case_exists";
        });
      };
    };
    "problem-change_running": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "change_running";
        });
      };
    };
    "problem-database_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable";
        });
      };
    };
    "problem-database_unavailable-answer_interrupted-answer_goes_on": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable" | "answer_interrupted" | "answer_goes_on";
        });
      };
    };
    "problem-database_unavailable-email_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable" | "email_unavailable";
        });
      };
    };
    "problem-database_unavailable-embedder_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable" | "embedder_unavailable";
        });
      };
    };
    "problem-database_unavailable-embedder_unavailable-embedding_model_gone": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable" | "embedder_unavailable" | "embedding_model_gone";
        });
      };
    };
    "problem-database_unavailable-embedder_unavailable-model_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable" | "embedder_unavailable" | "model_unavailable";
        });
      };
    };
    "problem-database_unavailable-embedder_unavailable-model_unavailable-answer_interrupted": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable" | "embedder_unavailable" | "model_unavailable" | "answer_interrupted";
        });
      };
    };
    "problem-database_unavailable-storage_unavailable": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "database_unavailable" | "storage_unavailable";
        });
      };
    };
    "problem-duplicate_document": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "duplicate_document";
        });
      };
    };
    "problem-duplicate_document-not_ready": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "duplicate_document" | "not_ready";
        });
      };
    };
    "problem-edit_conflict": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "edit_conflict";
        });
      };
    };
    "problem-email_taken": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "email_taken";
        });
      };
    };
    "problem-embedder_failed": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "embedder_failed";
        });
      };
    };
    "problem-embedder_failed-model_failed-answer_unfit": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "embedder_failed" | "model_failed" | "answer_unfit";
        });
      };
    };
    "problem-empty_document": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "empty_document";
        });
      };
    };
    "problem-empty_document-encrypted_document-needs_ocr-broken_document-document_too_complex": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "empty_document" | "encrypted_document" | "needs_ocr" | "broken_document" | "document_too_complex";
        });
      };
    };
    "problem-empty_document-url_refused": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "empty_document" | "url_refused";
        });
      };
    };
    "problem-external_id_taken": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "external_id_taken";
        });
      };
    };
    "problem-external_id_taken-duplicate_document-idempotency_conflict": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "external_id_taken" | "duplicate_document" | "idempotency_conflict";
        });
      };
    };
    "problem-fetch_failed": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "fetch_failed";
        });
      };
    };
    "problem-file_missing": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "file_missing";
        });
      };
    };
    "problem-forbidden": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "forbidden";
        });
      };
    };
    "problem-forbidden-email_unverified-domain_not_allowed": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "forbidden" | "email_unverified" | "domain_not_allowed";
        });
      };
    };
    "problem-forbidden-email_verification_required": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "forbidden" | "email_verification_required";
        });
      };
    };
    "problem-idempotency_conflict-cancelled": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "idempotency_conflict" | "cancelled";
        });
      };
    };
    "problem-identity_conflict": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "identity_conflict";
        });
      };
    };
    "problem-identity_provider_failed": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "identity_provider_failed";
        });
      };
    };
    "problem-internal": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "internal";
        });
      };
    };
    "problem-invalid_credentials": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_credentials";
        });
      };
    };
    "problem-invalid_request": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_request";
        });
      };
    };
    "problem-invalid_request-cut_off": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_request" | "cut_off";
        });
      };
    };
    "problem-invalid_request-malformed_json": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_request" | "malformed_json";
        });
      };
    };
    "problem-invalid_request-malformed_json-cut_off": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_request" | "malformed_json" | "cut_off";
        });
      };
    };
    "problem-invalid_request-malformed_json-invalid_code": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_request" | "malformed_json" | "invalid_code";
        });
      };
    };
    "problem-invalid_request-malformed_json-invalid_confirmation": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_request" | "malformed_json" | "invalid_confirmation";
        });
      };
    };
    "problem-invalid_request-malformed_json-invalid_invitation": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "invalid_request" | "malformed_json" | "invalid_invitation";
        });
      };
    };
    "problem-issuer_taken": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "issuer_taken";
        });
      };
    };
    "problem-last_admin": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "last_admin";
        });
      };
    };
    "problem-model_required": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "model_required";
        });
      };
    };
    "problem-name_taken": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "name_taken";
        });
      };
    };
    "problem-no_cases": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "no_cases";
        });
      };
    };
    "problem-not_found": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "not_found";
        });
      };
    };
    "problem-not_in_progress": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "not_in_progress";
        });
      };
    };
    "problem-not_ready": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "not_ready";
        });
      };
    };
    "problem-quota_full": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "quota_full";
        });
      };
    };
    "problem-rate_limited": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "rate_limited";
        });
      };
    };
    "problem-rate_limited-quota_exceeded": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "rate_limited" | "quota_exceeded";
        });
      };
    };
    "problem-session_revoked": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "session_revoked";
        });
      };
    };
    "problem-telemetry_not_connected-telemetry_tool_missing": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "telemetry_not_connected" | "telemetry_tool_missing";
        });
      };
    };
    "problem-telemetry_refused-telemetry_failed-telemetry_too_large": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "telemetry_refused" | "telemetry_failed" | "telemetry_too_large";
        });
      };
    };
    "problem-telemetry_refused-telemetry_failed-telemetry_too_large-telemetry_tool_failed": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "telemetry_refused" | "telemetry_failed" | "telemetry_too_large" | "telemetry_tool_failed";
        });
      };
    };
    "problem-telemetry_timeout": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "telemetry_timeout";
        });
      };
    };
    "problem-too_large": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "too_large";
        });
      };
    };
    "problem-too_many_webhooks": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "too_many_webhooks";
        });
      };
    };
    "problem-unauthenticated": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "unauthenticated";
        });
      };
    };
    "problem-unauthenticated-session_revoked": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "unauthenticated" | "session_revoked";
        });
      };
    };
    "problem-unauthenticated-session_revoked-invalid_credentials": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "unauthenticated" | "session_revoked" | "invalid_credentials";
        });
      };
    };
    "problem-unsupported_type": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "unsupported_type";
        });
      };
    };
    "problem-url_refused": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "url_refused";
        });
      };
    };
    "problem-webhook_disabled": {
      headers: Record<string, unknown>;
      content: {
        "application/problem+json": (components["schemas"]["Problem"]) & ({
          code?: "webhook_disabled";
        });
      };
    };
  };
}
