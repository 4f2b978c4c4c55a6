import { type Block, blocksOf } from '../blocks.ts';

/** Starts the systems that it and the other pages are about. */
export const TUTORIAL = 'docs/a-running-system.md';

/** Pages whose commands are typed into a running system, in the order in which they are played. */
const PAGES = [
  TUTORIAL,
  'README.md',
  'docs/api.md',
  'docs/cli.md',
  'docs/troubleshooting.md',
] as const;

/** Blocks that are not played, by what stands in them, and why. Everything else of these pages is. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'npx serverless deploy': 'needs an account of AWS',
  'npm ci': '.ci/run does it',
  'npm start                 #': 'the system runs already',
  '/clients/X/tokens/': 'its token is another each time',
  '@photo.png': 'the photo is the reader’s',
  '/orders/o-9/': 'the order is the reader’s',
  '/workflows/photo/plan': 'the workflow is the reader’s',
  '"plugin": "charge"': 'needs hundreds of orders that have failed',
  '/dead-letters?limit': 'needs what cannot be made by hand',
  'localhost:3000/tasks/': 'the token is a plugin’s',
  'localhost:3000/counts': 'needs an hour of orders',
  'localhost:3000/history': 'needs an hour of orders',
  'localhost:3000/status': 'needs a plugin that is behind: npm run demo:bottleneck',
};

/** The blocks to play, each with commands. @throws if something is left out that is not there any more */
export function blocksToPlay(): readonly Block[] {
  const all = PAGES.flatMap(blocksOf).filter(
    ({ info, text }) => info === 'sh' || (info === '' && /^(\$ |npx )/m.test(text)),
  );
  const reasonOf = ({ text }: Block) => Object.keys(LEFT_OUT).find((one) => text.includes(one));
  const used = new Set(all.map(reasonOf));
  const stale = Object.keys(LEFT_OUT).filter((one) => !used.has(one));
  if (stale.length > 0) throw new Error(`no page says ${stale.join(', ')}`);
  return all.filter((block) => reasonOf(block) === undefined);
}
