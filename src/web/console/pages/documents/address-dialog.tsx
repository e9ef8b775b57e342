/** Documents from the web: one page, a sitemap, or whatever a page links to. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { SelectField, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { Audience, ownAudience } from "../../audience.tsx";
import { client } from "../../typed.ts";
import type { Group } from "../../types.ts";

const t = words({
  title: ["Add from the web", "إضافة من الويب"],
  kind: ["What is there", "ماذا يوجد هناك"],
  url: ["One page or file", "صفحة أو ملف واحد"],
  sitemap: ["A site with a sitemap", "موقع له خريطة"],
  crawl: ["A page and what it links to", "صفحة وما تشير إليه"],
  address: ["Address", "العنوان"],
  refresh: ["Look again", "إعادة الفحص"],
  never: ["Never", "أبدًا"],
  daily: ["Every day", "كل يوم"],
  weekly: ["Every week", "كل أسبوع"],
  add: ["Add", "إضافة"],
  added: ["We are fetching it; see Web sources", "نقوم بجلبه؛ انظر مصادر الويب"],
});

type Kind = "url" | "sitemap" | "crawl";

const where = (kind: Kind, url: string) =>
  kind === "url" ? { url } : kind === "sitemap" ? { sitemap: { url } } : { crawl: { url } };

const MINUTES = { never: null, daily: 1_440, weekly: 10_080 } as const;

type AddressDialogProps = { groups: Group[]; onClose: () => void; onAdded: () => void };

export function AddressDialog({ groups, onClose, onAdded }: AddressDialogProps) {
  const [kind, setKind] = useState<Kind>("url");
  const [address, setAddress] = useState("");
  const [refresh, setRefresh] = useState<keyof typeof MINUTES>("never");
  const [audience, setAudience] = useState(ownAudience);
  const { run, busy, problem } = useAction(async () => {
    const body = {
      ...where(kind, address),
      access_level: audience.access_level,
      ...(audience.groups.length > 0 ? { groups: audience.groups } : {}),
      ...(MINUTES[refresh] === null ? {} : { refresh_every: MINUTES[refresh] }),
    };
    await client.POST("/api/v1/sources", { body });
    toast(t("added"));
    onAdded();
    onClose();
  });
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField
          label={t("address")}
          type="url"
          required
          dir="ltr"
          placeholder="https://"
          value={address}
          onValue={setAddress}
        />
        <SelectField
          label={t("kind")}
          value={kind}
          options={(["url", "sitemap", "crawl"] as const).map((one) => [one, t(one)] as const)}
          onValue={setKind}
        />
        <SelectField
          label={t("refresh")}
          value={refresh}
          options={(["never", "daily", "weekly"] as const).map((one) => [one, t(one)] as const)}
          onValue={setRefresh}
        />
        <Audience value={audience} groups={groups} onValue={setAudience} />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {t("add")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
