/** Every page of the console: its address, who sees it, and the file that draws it, loaded when it is first opened. */
import type { ComponentType } from "preact";
import type { IconName } from "../ui/icons.tsx";
import { words } from "../ui/words.ts";
import type { User } from "./types.ts";

export type PageProps = { params: Record<string, string | undefined> };
type PageFile = Promise<{ default: ComponentType<PageProps> }>;

export type PageRoute = {
  /** As wouter writes patterns. */
  path: string;
  /** Its place in the navigation. */
  home: string;
  icon: IconName;
  label: () => string;
  roles: readonly User["role"][];
  load: () => PageFile;
};

const t = words({
  ask: ["Ask", "اسأل"],
  documents: ["Documents", "المستندات"],
  people: ["People", "الأشخاص"],
  keys: ["Keys", "المفاتيح"],
  audit: ["Audit log", "سجل التدقيق"],
  settings: ["Settings", "الإعدادات"],
  platform: ["Organizations", "المؤسسات"],
});

const ALL = ["admin", "member", "viewer"] as const;

/** In the order of the navigation; the first that a person may see is where they start. */
export const ROUTES: readonly PageRoute[] = [
  {
    path: "/ask/:session?",
    home: "/ask",
    icon: "ask",
    label: () => t("ask"),
    roles: ALL,
    load: () => import("./pages/ask/page.tsx"),
  },
];
