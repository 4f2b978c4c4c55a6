import { renameSync, writeFileSync } from 'node:fs';

/** By rename, so that a kill leaves the old file or the new one; for the owner's eyes only. */
export function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.next`, text, { mode: 0o600 });
  renameSync(`${file}.next`, file);
}
