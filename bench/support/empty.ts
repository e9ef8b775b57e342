/** Where the Worker of support/empty-worker.ts is an empty one. */
export const EMPTY = "/api/empty";
