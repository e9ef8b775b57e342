/** Who may read what is about to be uploaded, and what of it cannot be. */
import { useState } from "preact/hooks";
import { useDetail } from "../../../ui/detail.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { onSubmit } from "../../../ui/use-action.ts";
import { bytes, words } from "../../../ui/words.ts";
import { Audience, ownAudience } from "../../audience.tsx";
import type { Group } from "../../types.ts";
import { refusalOf } from "./refused.ts";
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
  nothing: ["Nothing to upload", "لا شيء للرفع"],
  refused: [
    { one: "One file cannot be taken:", other: "{count} files cannot be taken:" },
    {
      one: "لا يمكن قبول ملف واحد:",
      two: "لا يمكن قبول ملفين:",
      few: "لا يمكن قبول {count} ملفات:",
      many: "لا يمكن قبول {count} ملفًا:",
      other: "لا يمكن قبول {count} ملف:",
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

type UploadDialogProps = {
  files: Chosen[];
  groups: Group[];
  /** Bytes that a file may have; null while that is not known. */
  most: number | null;
  onClose: () => void;
};

export function UploadDialog({ files, groups, most, onClose }: UploadDialogProps) {
  const [audience, setAudience] = useState(ownAudience);
  const detail = useDetail();
  const good = files.filter((one) => refusalOf(one, most) === null);
  const refused = files.filter((one) => !good.includes(one));
  const start = () => {
    upload(good, audience);
    onClose();
  };
  const title = good.length > 0 ? t("title", { count: good.length }) : t("nothing");
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        {refused.length > 0 && (
          <div class="callout warn" role="status">
            <strong>{t("refused", { count: refused.length })}</strong>
            <Files files={refused} about={(one) => detail(refusalOf(one, most) ?? "")} />
          </div>
        )}
        {good.length > 0 && (
          <form class="stack" onSubmit={onSubmit(start)}>
            <Files files={good} about={({ file }) => bytes(file.size)} />
            <Audience value={audience} groups={groups} onValue={setAudience} />
            <div class="dialog-foot">
              <button type="submit" class="button primary">
                {t("upload")}
              </button>
            </div>
          </form>
        )}
      </div>
    </Dialog>
  );
}

/** The first of them, each with one fact. */
function Files({ files, about }: { files: Chosen[]; about: (one: Chosen) => string }) {
  return (
    <ul class="plain-list small">
      {files.slice(0, SHOWN).map((one) => (
        <li key={one.path ?? one.file.name} class="row spread">
          <span class="clip grow" dir="auto">
            {one.path ?? one.file.name}
          </span>
          <span class="muted number">{about(one)}</span>
        </li>
      ))}
      {files.length > SHOWN && <li class="muted">{t("more", { count: files.length - SHOWN })}</li>}
    </ul>
  );
}
