/** Roles, access levels and the like, in words that every page uses. */
import { words } from "../ui/words.ts";

export const roleWords = words({
  admin: ["Administrator", "مسؤول"],
  member: ["Member", "عضو"],
  viewer: ["Viewer", "قارئ"],
});

export const roleHints = words({
  admin: ["everything in the organization", "كل شيء في المؤسسة"],
  member: ["uploads, reads and asks", "يرفع ويقرأ ويسأل"],
  viewer: ["asks only", "يسأل فقط"],
});

export const accessWords = words({
  internal: ["Internal", "داخلي"],
  external: ["External", "خارجي"],
});

export const ROLES = ["admin", "member", "viewer"] as const;
export const ACCESS = ["internal", "external"] as const;
