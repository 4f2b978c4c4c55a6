import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { LocalError } from '../local-error.ts';

/** What belongs to the data, whatever the settings of the next start: ARNs that hold it are stored in it. */
const markerSchema = z.object({
  about: z.string(),
  system: z.string(),
  region: z.string(),
  accountId: z.string(),
  /** Those written before it was recorded have the first. */
  format: z.number().default(1),
});

export type FolderMarker = Omit<z.infer<typeof markerSchema>, 'about'>;

/** How the tables' items are laid out (src/aws). A layout that earlier data does not have gets the next number. */
export const DATA_FORMAT = 2;

const ABOUT =
  'This folder holds the data of a local Baton. Reset removes what Baton wrote here, and nothing else.';

/** Undefined when the folder has none. @throws {LocalError} when it cannot be read */
export function readMarker(file: string): FolderMarker | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return markerSchema.parse(JSON.parse(text));
  } catch {
    throw new LocalError(
      `${file}, which says whose data this is, is damaged; put back a copy, or remove the folder yourself and start again.`,
    );
  }
}

export function markerText(marker: FolderMarker): string {
  return `${JSON.stringify({ about: ABOUT, ...marker }, null, 2)}\n`;
}
