/** Where files, folders and archives are dropped or chosen. */
import { useRef, useState } from "preact/hooks";
import { Icon } from "../../../ui/icons.tsx";
import { words } from "../../../ui/words.ts";
import { chosenFiles, droppedFiles } from "./dropped.ts";
import type { Chosen } from "./uploads.ts";

const t = words({
  drop: ["Drop files, folders or a zip here, or", "أفلت ملفات أو مجلدات أو ملف zip هنا، أو"],
  choose: ["Choose files", "اختر ملفات"],
  folder: ["Choose a folder", "اختر مجلدًا"],
});

export function DropZone({ onFiles }: { onFiles: (files: Chosen[]) => void }) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    onFiles(chosenFiles(input.files));
    input.value = "";
  };
  return (
    <section
      class={over ? "drop over" : "drop"}
      aria-label={t("choose")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles);
      }}
    >
      <Icon name="upload" />
      <span>{t("drop")}</span>
      <span class="row">
        <button type="button" class="button small" onClick={() => files.current?.click()}>
          <Icon name="documents" />
          {t("choose")}
        </button>
        <button type="button" class="button small" onClick={() => folder.current?.click()}>
          <Icon name="folder" />
          {t("folder")}
        </button>
      </span>
      <input
        ref={files}
        type="file"
        name="files"
        multiple
        hidden
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        name="folder"
        hidden
        {...{ webkitdirectory: true }}
        onChange={(event) => take(event.currentTarget)}
      />
    </section>
  );
}
