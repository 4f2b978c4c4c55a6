/** `npm run docs`: writes docs/reference from the schemas and the commands. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePages } from './pages.ts';

const FOLDER = fileURLToPath(new URL('../../docs/reference/', import.meta.url));

await mkdir(FOLDER, { recursive: true });
for (const [file, text] of Object.entries(await referencePages())) {
  await writeFile(path.join(FOLDER, file), text);
  console.log(`docs/reference/${file}`);
}
