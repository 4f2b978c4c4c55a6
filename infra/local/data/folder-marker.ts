import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { LocalError } from '../local-error.ts';

/** What belongs to the data, whatever the settings of the next start: ARNs that hold it are stored in it. */
const markerSchema = z.object({
  about: z.string(),
  system: z.string(),
  region: z.string(),
  accountId: z.string(),
});

export type FolderMarker = Omit<z.infer<typeof markerSchema>, 'about'>;

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

export function markerText({ system, region, accountId }: FolderMarker): string {
  return `${JSON.stringify({ about: ABOUT, system, region, accountId }, null, 2)}\n`;
}
