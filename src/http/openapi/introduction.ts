/** The first page of the API reference. */

export const INTRODUCTION = `Upload documents, search them, and ask them questions: every answer quotes the passages it rests on, and nobody is shown what they may not read.

**Credentials** go into one header, whichever kind they are: \`Authorization: Bearer …\`. People get an access token from \`POST /api/v1/auth/login\`, software gets an API key, a web page gets a widget token. Each operation names who may.

**Errors** are problem documents (RFC 9457, \`application/problem+json\`): branch on \`code\`, show \`detail\`, quote \`request_id\`. What is not yours is \`not_found\`.

**Lists** are \`{ data, next_cursor }\`, newest first unless said otherwise. Give \`next_cursor\` as \`cursor\` to get the next page.

**Limits**: \`RateLimit\` and \`RateLimit-Policy\` headers say what is left; \`429\` and \`503\` come with \`Retry-After\`.

**Sending again** is safe: uploads take an \`Idempotency-Key\`, and the same bytes are the same document.

**Streams** are server-sent events; each event's \`data\` is one line of JSON.
`;
