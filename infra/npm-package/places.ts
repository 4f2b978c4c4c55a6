import { glob } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** The package's root. */
export const DIST = path.join(REPOSITORY, 'dist');

/** Absolute paths of the package's files with this ending. */
export async function filesOfPackage(ending: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob(`**/*${ending}`, { cwd: DIST })) files.push(path.join(DIST, file));
  return files.sort();
}
