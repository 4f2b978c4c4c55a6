import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { blocksOf as blocksOnPage, PAGES } from '../docs/blocks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/write-a-plugin.md');

function run(...args: string[]) {
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status, stdout };
}

/** Code of the page by language; named after the file that the page says it is. */
const blocksOf = (text: string) =>
  [...text.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(([, language, file, code = '']) => ({
    ...{ language, file, code },
  }));
const blocks = blocksOf(page);

/** What stands under `@example` in the docstrings of the SDK and the client. */
const docstringExamples = ['src/sdk', 'src/client'].flatMap((folder) =>
  globSync(`${folder}/**/*.ts`, { cwd: root }).flatMap((file) => examplesIn(read(file))),
);

function examplesIn(text: string): string[] {
  return [...text.matchAll(/^ \* @example\n(.*?)(?=^ \* @| \*\/)/gms)].map(([, example = '']) =>
    example.replaceAll(/^ \* ?/gm, ''),
  );
}

it('the page shows the example folder as it is', () => {
  for (const file of ['handler.ts', 'handler.test.ts']) {
    expect(blocks.find((block) => block.file === file)?.code).toBe(
      read(`examples/duty-log/${file}`),
    );
  }
  const yaml = blocks.find(({ language }) => language === 'yaml')?.code;
  expect(yaml).toBe(read('examples/duty-log/serverless.yml'));
});

it("the example folder's own tests pass", () => {
  expect(run('--test', 'examples/duty-log/handler.test.ts')).toMatchObject({ status: 0 });
});

it('the code of all pages and of the docstrings compiles', () => {
  const folder = join(root, `tests/sdk/.examples-${process.pid}`);
  mkdirSync(folder);
  try {
    const code = PAGES.flatMap(blocksOnPage).flatMap(({ info, text }) =>
      info === 'ts' ? text : [],
    );
    const examples = [...code, ...docstringExamples];
    expect(examples.length).toBeGreaterThanOrEqual(17);
    examples.forEach((example, n) => {
      writeFileSync(join(folder, `example-${n}.ts`), example);
    });
    const files = examples.map((_, n) => `example-${n}.ts`);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: '../../../tsconfig.json', include: [], files }),
    );
    const compiled = run('node_modules/typescript/bin/tsc', '-p', folder);
    expect(compiled).toEqual({ status: 0, stdout: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
