/** Who may read what is about to be uploaded. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { onSubmit } from "../../../ui/use-action.ts";
import { bytes, words } from "../../../ui/words.ts";
import { Audience, type AudienceValue } from "../../audience.tsx";
import type { Group } from "../../types.ts";
import { type Chosen, upload } from "./uploads.ts";

const t = words({
  title: [
    { one: "Upload one file", other: "Upload {count} files" },
    {
      one: "رفع ملف واحد",
      two: "رفع ملفين",
      few: "رفع {count} ملفات",
      many: "رفع {count} ملفًا",
      other: "رفع {count} ملف",
    },
  ],
  upload: ["Upload", "رفع"],
  more: [
    "and {count} more",
    {
      one: "وملف آخر",
      two: "وملفان آخران",
      few: "و{count} ملفات أخرى",
      many: "و{count} ملفًا آخر",
      other: "و{count} ملف آخر",
    },
  ],
});

const SHOWN = 6;

type UploadDialogProps = { files: Chosen[]; groups: Group[]; onClose: () => void };

export function UploadDialog({ files, groups, onClose }: UploadDialogProps) {
  const [audience, setAudience] = useState<AudienceValue>({ access_level: "internal", groups: [] });
  const start = () => {
    upload(files, audience);
    onClose();
  };
  return (
    <Dialog title={t("title", { count: files.length })} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(start)}>
        <ul class="plain-list small">
          {files.slice(0, SHOWN).map(({ file, path }) => (
            <li key={path ?? file.name} class="row spread">
              <span class="clip grow" dir="auto">
                {path ?? file.name}
              </span>
              <span class="muted number">{bytes(file.size)}</span>
            </li>
          ))}
          {files.length > SHOWN && <li class="muted">{t("more", { count: files.length - SHOWN })}</li>}
        </ul>
        <Audience value={audience} groups={groups} onValue={setAudience} />
        <div class="dialog-foot">
          <button type="submit" class="button primary">
            {t("upload")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
