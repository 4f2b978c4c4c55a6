// `npm run soak`: a Baton of its own, and orders one after another, 20,000 unless told otherwise. Prints after every tenth of them
// the memory of its two processes, what of it is live heap, and the instances of functions, which are threads of the first. Ends
// with 1 if either needs much more at the end than after the first quarter.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { processTree } from '../local/processes.ts';
import { startProcess, workspace } from '../local/running-stack.ts';
import { until } from '../local/until.ts';
import { liveHeapMegabytes } from './live-heap.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const AT_ONCE = 250;
/** So many may still be under way when the next ones come. */
const FEW = 100;
const ROUNDS_END_WITHIN_MS = 300_000;
/** Instances come and go, and V8 collects when it likes to. */
const MAY_GROW_BY = 1.25;

const { orders } = new Command('npm run soak --')
  .option('--orders <number>', 'how many', Number, 20_000)
  .parse()
  .opts<{ orders: number }>();

const place = workspace();
const nothing = join(place.folder, 'nothing');
mkdirSync(nothing);
const arithmetic = join(REPOSITORY, 'plugins/arithmetic');
const stack = startProcess({ ...place, core: REPOSITORY, plugins: nothing }, [
  ...['--with', arithmetic, '--idle-seconds', '60'],
]);
try {
  await stack.ready();
  const grown = await soak();
  if (grown.length > 0) throw new Error(`it grows: ${grown.join(', ')}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await stack.signal('SIGKILL');
  place.remove();
}

/** @returns the processes that have grown by more than they may */
async function soak(): Promise<readonly string[]> {
  const processes = { stack: pidOf('start.ts'), services: pidOf('embedded/process.ts') };
  const rows: Record<string, number>[] = [];
  for (let placed = 0; placed < orders; ) {
    placed += await placeSome();
    if (placed % (orders / 10) >= AT_ONCE) continue;
    const row: Record<string, number> = { orders: placed };
    for (const [name, pid] of Object.entries(processes)) {
      row[name] = megabytesOf(pid);
      row[`${name}, live heap`] = await liveHeapMegabytes(pid);
    }
    rows.push({ ...row, instances: await instances() });
    console.log(JSON.stringify(rows.at(-1)));
  }
  const [early, last] = [rows[Math.ceil(rows.length / 4) - 1], rows.at(-1)];
  return Object.keys(early ?? {}).filter(
    (name) =>
      !['orders', 'instances'].includes(name) &&
      Number(last?.[name]) > MAY_GROW_BY * Number(early?.[name]),
  );
}

async function instances(): Promise<number> {
  const response = await fetch(`${stack.running().controlUrl}/instances`);
  const { functions } = (await response.json()) as { functions: { instances: number }[] };
  return functions.reduce((sum, one) => sum + one.instances, 0);
}

async function placeSome(): Promise<number> {
  const { apiUrl } = stack.running();
  const some = Array.from({ length: AT_ONCE }, (_, input) => ({ input, todo: ['A', 'B'] }));
  const response = await fetch(`${apiUrl}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(some),
  });
  const { accepted = [] } = (await response.json()) as { accepted?: object[] };
  await until(
    'the orders end',
    async () => {
      const status = await (await fetch(`${apiUrl}/status`)).json();
      return ((status as { orders?: { active: number } }).orders?.active ?? FEW) < FEW;
    },
    ROUNDS_END_WITHIN_MS,
  );
  return accepted.length;
}

function pidOf(file: string): number {
  const found = processTree(stack.pid).find(({ command }) => command.includes(file));
  if (found === undefined) throw new Error(`no process runs ${file}`);
  return found.pid;
}

/** Its memory in RAM. */
function megabytesOf(pid: number): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Math.round(Number(kilobytes) / 1024);
}
