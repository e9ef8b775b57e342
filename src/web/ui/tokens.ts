/** How many tokens a text has, in words. */
import { words } from "./words.ts";

const t = words({
  tokens: [
    { one: "one token", other: "{count} tokens" },
    {
      one: "رمز واحد",
      two: "رمزان",
      few: "{count} رموز",
      many: "{count} رمزًا",
      other: "{count} رمز",
    },
  ],
});

export const tokens = (count: number): string => t("tokens", { count });
