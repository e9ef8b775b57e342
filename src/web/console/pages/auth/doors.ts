/** The addresses before signing in. */
export const DOORS = ["/sign-in", "/sign-up", "/verify", "/forgot", "/reset", "/invitation"] as const;

export const isDoor = (path: string): boolean => (DOORS as readonly string[]).includes(path);
