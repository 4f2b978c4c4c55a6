import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Hooks of a Serverless plugin: while artifacts are made, temporary folders are made in the service's `.serverless`, and removed afterwards.
 * serverless-esbuild 1.57.2 leaves one a function behind: it removes the folder as if it were empty
 * (https://github.com/floydspace/serverless-esbuild/blob/v1.57.2/src/utils/effect-fs.ts). What is left when packaging is killed the next
 * packaging removes, which begins by emptying `.serverless`.
 */
export function packagingTemp({
  serviceDir,
}: {
  readonly serviceDir: string;
}): Readonly<Record<string, () => void>> {
  const folder = path.join(serviceDir, '.serverless', 'temp');
  let before: string | undefined;
  return {
    'after:package:initialize': () => {
      mkdirSync(folder, { recursive: true });
      before = process.env.TMPDIR;
      process.env.TMPDIR = folder;
    },
    'before:package:compileFunctions': () => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
