import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesOfPackage, REPOSITORY } from './places.ts';

/** A path to a file of ours in a string: `new URL('./process.ts', import.meta.url)`. The compiler changes imports only. */
const PATH_IN_TEXT = /(['"])((?:\.{1,2}\/|src\/)[\w./-]+)\.ts\1/g;

/** Compiles what the package's entries reach: JavaScript of everything, types of what others import. */
export async function compile(): Promise<void> {
  await Promise.all([tsc('tsconfig.code.json'), tsc('tsconfig.types.json')]);
  await Promise.all([
    ...(await filesOfPackage('.js')).map((file) => rewrite(file, (text) => withoutTs(file, text))),
    // TypeScript 7 leaves these as they are.
    ...(await filesOfPackage('.d.ts')).map((file) =>
      rewrite(file, (text) =>
        text.replaceAll(/(from |import\()(['"]\.[^'"]+)\.ts(['"])/g, '$1$2.js$3'),
      ),
    ),
  ]);
}

function withoutTs(file: string, text: string): string {
  return text.replaceAll(PATH_IN_TEXT, (whole, quote: string, name: string) => {
    const target = name.startsWith('src/') ? undefined : path.resolve(path.dirname(file), name);
    if (target !== undefined && !existsSync(`${target}.js`)) {
      throw new Error(
        `${file} names ${whole}, which is not compiled: add it to tsconfig.code.json`,
      );
    }
    return `${quote}${name}.js${quote}`;
  });
}

async function tsc(configuration: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('typescript/package.json'));
  const { bin } = require('typescript/package.json') as { bin: { tsc: string } };
  const args = [path.join(folder, bin.tsc), '-p', `infra/npm-package/${configuration}`];
  await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY }).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw new Error(`${configuration}:\n${stdout}${stderr}`);
    },
  );
}

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const changed = change(text);
  if (changed !== text) await writeFile(file, changed);
}
