import { useState } from 'preact/hooks';

/** Takes one file, dropped or chosen. */
export function DropZone({
  take,
  isBusy,
}: {
  readonly take: (file: File) => void;
  readonly isBusy: boolean;
}) {
  const [isOver, setOver] = useState(false);
  const takeFirst = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file !== undefined) take(file);
  };
  return (
    <label
      class={`card drop${isOver ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        takeFirst(event.dataTransfer?.files);
      }}
    >
      <strong>Or drop a file</strong>
      <span class="dim">CSV, NDJSON or a JSON array: one order a row.</span>
      <span class="dim">A picture: it is the input of one order of the workflow.</span>
      <input
        type="file"
        accept=".csv,.json,.ndjson,.jsonl,image/*"
        disabled={isBusy}
        onChange={(event) => {
          takeFirst(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
