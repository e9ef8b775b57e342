/** Lighthouse. */
import { beside } from "./beside.ts";

export type Task = {
  /** Path of the browser. */
  chromium: string;
  signIn: { url: string; email: string; password: string };
  pages: readonly { name: string; url: string; signedIn: boolean }[];
};

export type Audit = {
  name: string;
  /** Performance, accessibility, best practices, of 100. */
  scores: [number, number, number];
  /** Addresses that the page loaded. */
  files: string[];
  /** Audits below .9, with what was measured. */
  short: string[];
  error?: string;
};

const auditor = beside("Lighthouse", "auditor");

export const installLighthouse = auditor.install;

/** @throws Error when it fails */
export const lighthouse = (task: Task): Promise<Audit[]> => auditor.run("audit.mjs", task);
