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
  /** Pages without one are not in the navigation. */
  icon?: IconName;
  label: () => string;
  roles: readonly User["role"][];
  /** Only people with access to internal documents see it. */
  internal?: true;
  load: () => PageFile;
};

const t = words({
  ask: ["Ask", "اسأل"],
  documents: ["Documents", "المستندات"],
  knowledge: ["Knowledge", "المعرفة"],
  evaluations: ["Evaluations", "التقييمات"],
  insights: ["Insights", "الإحصاءات"],
  people: ["People", "الأشخاص"],
  keys: ["Keys", "المفاتيح"],
  audit: ["Audit log", "سجل التدقيق"],
  telemetry: ["Telemetry", "القياسات"],
  settings: ["Settings", "الإعدادات"],
  platform: ["Organizations", "المؤسسات"],
  account: ["Your account", "حسابك"],
});

const ALL = ["admin", "member", "viewer"] as const;
const STAFF = ["admin", "member"] as const;
const ADMIN = ["admin"] as const;

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
  {
    path: "/documents/:id?",
    home: "/documents",
    icon: "documents",
    label: () => t("documents"),
    roles: STAFF,
    load: () => import("./pages/documents/page.tsx"),
  },
  {
    path: "/knowledge/:tab?",
    home: "/knowledge",
    icon: "knowledge",
    label: () => t("knowledge"),
    roles: ADMIN,
    load: () => import("./pages/knowledge/page.tsx"),
  },
  {
    path: "/evaluations/:tab?/:run?",
    home: "/evaluations",
    icon: "evaluations",
    label: () => t("evaluations"),
    roles: ADMIN,
    load: () => import("./pages/evaluations/page.tsx"),
  },
  {
    path: "/insights/:tab?",
    home: "/insights",
    icon: "insights",
    label: () => t("insights"),
    roles: ADMIN,
    load: () => import("./pages/insights/page.tsx"),
  },
  {
    path: "/people/:tab?",
    home: "/people",
    icon: "people",
    label: () => t("people"),
    roles: ADMIN,
    load: () => import("./pages/people/page.tsx"),
  },
  {
    path: "/keys/:tab?",
    home: "/keys",
    icon: "keys",
    label: () => t("keys"),
    roles: ADMIN,
    load: () => import("./pages/keys/page.tsx"),
  },
  {
    path: "/audit",
    home: "/audit",
    icon: "audit",
    label: () => t("audit"),
    roles: ADMIN,
    load: () => import("./pages/audit/page.tsx"),
  },
  {
    path: "/telemetry",
    home: "/telemetry",
    icon: "telemetry",
    label: () => t("telemetry"),
    roles: ADMIN,
    internal: true,
    load: () => import("./pages/telemetry/page.tsx"),
  },
  {
    path: "/settings/:tab?",
    home: "/settings",
    icon: "settings",
    label: () => t("settings"),
    roles: ADMIN,
    load: () => import("./pages/settings/page.tsx"),
  },
  {
    path: "/platform",
    home: "/platform",
    icon: "platform",
    label: () => t("platform"),
    roles: ["superadmin"],
    load: () => import("./pages/platform/page.tsx"),
  },
  {
    path: "/account",
    home: "/account",
    label: () => t("account"),
    roles: ALL,
    load: () => import("./pages/account/page.tsx"),
  },
];
