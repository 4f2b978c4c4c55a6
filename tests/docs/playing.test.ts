import { expect, it } from '@jest/globals';
import { type Block, blocksIn, blocksOf, PAGES } from './blocks.ts';
import { MARKS, playingOf } from './marks.ts';
import { hasCommands, SESSIONS } from './playing/pages.ts';

const blocks = PAGES.flatMap(blocksOf);
const commands = blocks.filter(hasCommands);
const placeOf = ({ page, line }: Block) => `${page}, line ${line}`;

it('every page with commands is played by `npm run verify:docs`, or says before each block why not', () => {
  const played = new Set(SESSIONS.flat());
  const forgotten = commands.filter((one) => playingOf(one).played && !played.has(one.page));
  expect(forgotten.map(placeOf)).toEqual([]);
  const idle = [...played].filter(
    (page) => !commands.some((one) => one.page === page && playingOf(one).played),
  );
  expect(idle).toEqual([]);
});

it('no mark stands before what has no commands, and every mark is used', () => {
  const marked = blocks.filter(({ mark }) => mark?.startsWith('not ') === true);
  expect(marked.filter((one) => !hasCommands(one)).map(placeOf)).toEqual([]);
  expect([...new Set(marked.map(({ mark }) => mark))].sort()).toEqual([...MARKS].sort());
});

it.each([
  ['nobody knows', '<!-- not played: we are tired -->\n```sh\nnpx baton status\n```'],
  ['is not so', '<!-- not played: needs an account of AWS -->\n```sh\nnpx baton status\n```'],
  ['is not so', '<!-- not played: the gate runs it -->\n\n    npm run demos\n'],
  ['is not so', '<!-- not compared: shows a system under load -->\n\n    $ npx baton plugins\n'],
])('a mark of which it %s is refused', (why, text) => {
  const [block] = blocksIn('page.md', text) as readonly [Block];
  expect(() => playingOf(block)).toThrow(why);
});

it('a block without a mark is played and compared', () => {
  const text = '<!-- not played: needs Docker -->\n\n    docker build\n\nBut:\n\n    npm start\n';
  const [docker, start] = blocksIn('page.md', text) as readonly [Block, Block];
  expect(playingOf(docker)).toEqual({ played: false, compared: false });
  expect(playingOf(start)).toEqual({ played: true, compared: true });
});
