import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

/** Under the folder in which somebody runs or deploys Baton. No system's data lies there: a name begins with a letter. */
const FOLDERS = '.baton/_core';

/** The plugin that serverless.yml names. */
const PLUGIN = 'infra/core-resources/index.js';

/**
 * Unpacks the core's service, which the npm package holds in `core.br`. The deployment tool works in its service's folder, and writes
 * there, while a package may lie where nobody may write. The Serverless plugin stays in the package, where its dependencies are, and is
 * only named.
 *
 * @param ownFolder where the package lies
 * @param base the folder under which it is unpacked, unless it is there already
 * @returns the service's folder
 */
export async function unpackCore(ownFolder: string, base: string): Promise<string> {
  const archive = await readFile(path.join(ownFolder, 'core.br'));
  const plugin = pathToFileURL(path.join(ownFolder, PLUGIN)).href;
  const hash = createHash('sha256').update(archive).update(plugin).digest('hex').slice(0, 12);
  const folder = path.join(base, FOLDERS, hash);
  if (existsSync(folder)) return folder;
  const files = {
    ...(JSON.parse(brotliDecompressSync(archive).toString()) as Record<string, string>),
    [PLUGIN]: `export { default } from ${JSON.stringify(plugin)};\n`,
    'package.json': '{ "private": true, "type": "module" }\n',
  };
  // Whole or not at all, whatever happens meanwhile.
  const unfinished = path.join(base, FOLDERS, randomUUID());
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(unfinished, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await rename(unfinished, folder).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}
