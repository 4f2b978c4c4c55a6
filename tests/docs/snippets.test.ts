import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tryWorkflow } from 'batonflow/sdk/testing';
import { transform } from 'esbuild';
import { parse as readYaml } from 'yaml';
import { readBlock } from '../../infra/plugin-resources/block.ts';
import { readStubs } from '../../src/trial/stubs.ts';
import type { Block } from './blocks.ts';
import { blocksIn, blocksOf, PAGES } from './blocks.ts';
import { wrongWith } from './commands.ts';
import { type Kind, kindOf } from './kinds.ts';
import { stepsOf } from './session.ts';
import { commandsIn } from './shell.ts';

const blocks = PAGES.flatMap(blocksOf);

/** How a block of each kind is run, or read. @throws if something is wrong with it */
const CHECKS = {
  script: ({ text }: Block) => runNothingOf(commandsIn(text)),
  session: ({ text }: Block) =>
    runNothingOf(stepsOf(text).flatMap(({ command }) => commandsIn(command))),
  workflow: async ({ text }: Block) => {
    const { order } = await tryWorkflow(text);
    expect(order.endedAt).toBeDefined();
  },
  steps: async ({ text }: Block) => {
    const steps = readYaml(text) as object[];
    await tryWorkflow({ activities: [{ name: 'a', pre: steps }] });
  },
  service: ({ text }: Block) => {
    const { functions } = readYaml(text) as { functions: Record<string, { baton?: object }> };
    for (const [name, { baton }] of Object.entries(functions)) {
      if (baton !== undefined) expect(readBlock(name, baton)).not.toHaveProperty('errors');
    }
  },
  stubs: ({ text }: Block) => void readStubs(readYaml(text)),
  'state machine': ({ text }: Block) => {
    const { StartAt, States } = JSON.parse(text) as { StartAt: string; States: object };
    expect(Object.keys(States)).toContain(StartAt);
  },
  /** Compiled all at once, in tests/sdk/write-a-plugin.test.ts. */
  TypeScript: () => undefined,
  /** Needs a package that is not among ours: read, and not compiled. */
  'foreign TypeScript': async ({ text }: Block) => {
    await transform(text, { loader: 'ts' });
  },
  /** What a program prints, a picture, another program's language. */
  text: () => undefined,
  'query of a log': ({ text }: Block) => {
    expect(text).toMatch(/^(fields|filter|stats|display|sort|limit|parse) /);
  },
} satisfies Record<Kind, (block: Block) => void | Promise<void>>;

async function runNothingOf(commands: readonly (readonly string[])[]): Promise<void> {
  expect(commands.length).toBeGreaterThan(0);
  for (const words of commands) {
    const wrong = await wrongWith(words);
    if (wrong !== undefined) throw new Error(`${words.join(' ')}\n${wrong}`);
  }
}

describe('every block of every page is right:', () => {
  const named = blocks.map((block) => ({
    ...block,
    title: `${block.page}, line ${block.line}`,
  }));

  it.each(named)('$title', async (block) => {
    await CHECKS[kindOf(block)](block);
  });
});

describe('every link of every page leads somewhere:', () => {
  const slug = (title: string) =>
    title
      .toLowerCase()
      .replaceAll(/\[(.*?)\]\(.*?\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
  const anchorsOf = (page: string) =>
    [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => slug(title));
  const generated = ['cli', 'http', 'messages', 'plugin', 'workflow'];

  it.each([...PAGES, ...generated.map((name) => `docs/reference/${name}.md`)])('%s', (page) => {
    const prose = readFileSync(page, 'utf8').replaceAll(/^```.*?^```/gms, '');
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^https?:/.test(link)) return [];
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!existsSync(target)) return [link];
      const isKnown =
        anchor === undefined || !target.endsWith('.md') || anchorsOf(target).includes(anchor);
      return isKnown ? [] : [link];
    });
    expect(broken).toEqual([]);
  });

  it('and no page stands outside of the table of contents', () => {
    const contents = readFileSync('docs/README.md', 'utf8');
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(pages.filter((page) => !contents.includes(`(${page.slice(5)}`))).toEqual([]);
  });
});

it('docs/troubleshooting.md names the codes that there are', () => {
  const sources = globSync('{src,infra}/**/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const page = readFileSync('docs/troubleshooting.md', 'utf8').replaceAll(
    'ERR_MODULE_NOT_FOUND',
    '',
  );
  const codes = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)[`:]/g)].map(([, code = '']) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect([...new Set(codes)].filter((code) => !sources.includes(code))).toEqual([]);
});

describe('what is wrong is found:', () => {
  const wrong = async (text: string) => {
    const [block] = blocksIn('page.md', text) as readonly [Block];
    return Promise.resolve()
      .then(() => CHECKS[kindOf(block)](block))
      .then(
        () => 'nothing',
        (error: Error) => error.message,
      );
  };

  it.each([
    ['a flag that is not there', '```sh\nnpx baton orders --stat failed\n```', /unknown option/],
    ['a script that is not there', '    npm run demos\n', /no script demos/],
    ['a flag of npm start', '```sh\nnpm start -- --ports 1\n```', /no flag --ports/],
    ['a call that is not there', '    $ curl localhost:3000/order\n', /there is no call/],
    [
      'a body that its schema refuses',
      `    $ curl localhost:3000/orders -H 'content-type: application/json' -d '{"todo": ["A"]}'\n`,
      /input/,
    ],
    ['a workflow', '```yaml\nactivities: [{ name: a, prae: [A] }]\n```', /prae/],
    ['a block', '```yaml\nfunctions: { f: { baton: { jions: [] } } }\n```', /errors/],
    ['a command that nobody knows', '```sh\nbatton status\n```', /nobody knows/],
    ['a block that does not say what it is', '```\nhello\n```', /say behind the fence/],
  ])('%s', async (_, text, message) => {
    expect(await wrong(text)).toMatch(message);
  });
});
