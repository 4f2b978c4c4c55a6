/**
 * `npm run verify:docs`: types what the pages say into systems that it starts as the pages say, in folders like a clone, and compares what
 * is printed. It shows every difference, and ends with 1 if there is one. `npm run verify:docs -- docs/api.md` plays one page only.
 */
import { SESSIONS } from './pages.ts';
import { Reader } from './reader.ts';

const asked = process.argv.slice(2);
const started = performance.now();
const readers = SESSIONS.map((pages) => pages.filter(isAsked))
  .filter((pages) => pages.length > 0)
  .map((pages) => new Reader(pages));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endAll().then(() => process.exit(130)));
}

try {
  await Promise.all(readers.map((reader) => reader.play()));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const sum = (what: 'steps' | 'wrong') => readers.reduce((n, reader) => n + reader[what], 0);
  console.log(`\n${sum('steps')} commands in ${seconds} s, ${sum('wrong')} not as the pages say`);
  process.exitCode = sum('wrong') > 0 || sum('steps') === 0 ? 1 : 0;
} finally {
  await endAll();
}

function isAsked(page: string): boolean {
  return asked.length === 0 || asked.includes(page);
}

async function endAll(): Promise<void> {
  await Promise.all(readers.map((reader) => reader.end()));
}
