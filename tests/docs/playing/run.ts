/**
 * `npm run verify:docs`: types what the pages say into a system that it starts as the pages say, in a folder like a clone, and compares
 * what is printed. It shows every difference, and ends with 1 if there is one. `npm run verify:docs -- docs/api.md` plays one page only.
 */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Block } from '../blocks.ts';
import { idsIn } from '../printed.ts';
import { type Step, stepsOf } from '../session.ts';
import { makeFolder } from './folder.ts';
import { blocksToPlay, TUTORIAL } from './pages.ts';
import { type Outcome, RunningBaton, Terminal } from './terminal.ts';

/** What is asked for again until the page is right: orders go on meanwhile. */
const READS =
  /^(npx baton (orders|order|plugins|status|logs|workflows list)\b|curl (?!.*( -d| -T| -X| --data)))/;
const RIGHT_WITHIN_MS = 120_000;
const READY_WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 500;

const ORDER_ID = /\b01[0-9A-HJKMNP-TV-Z]{24}\b/;
const ORDER_IDS = new RegExp(ORDER_ID, 'g');
const PROBLEM = '"urn:baton:problem:';

/** As the tutorial starts it, where the tutorial is not played. */
const ALL_PLUGINS = 'npm start -- --param system-name=beta --port 3500';
const READY = 'beta is ready after 1 s\n…';

const { folder, bin, remove } = makeFolder();
const terminal = new Terminal(folder, bin);
const systems: RunningBaton[] = [];
/** By what stands on the pages: ids of orders, and ports. */
const actual = new Map<string, string>();
let background: Promise<unknown> = Promise.resolve();
/** Of the system with all plugins. */
let anyOrder: string | undefined;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void end().then(() => process.exit(130)));
}

try {
  // The pages' ports may be taken. Port 3000 and 3500 are those of the system with all plugins.
  actual.set('3200', await freePort()).set('3500', await freePort());
  actual.set('3000', actual.get('3500')!);
  const pages = process.argv.slice(2);
  const blocks = blocksToPlay().filter(({ page }) => pages.length === 0 || pages.includes(page));
  if (!blocks.some(({ page }) => page === TUTORIAL))
    await start(asHere(ALL_PLUGINS), READY, 'the system');
  for (const block of blocks) {
    if (block.page !== TUTORIAL && anyOrder === undefined) anyOrder = await turnToAllPlugins();
    for (const step of stepsOf(block.text)) await play(step, block);
  }
} catch (error) {
  console.error(`baton: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await end();
}

/** From here on, commands go to the system with all plugins. @returns an order of it */
async function turnToAllPlugins(): Promise<string> {
  await terminal.run(`export BATON_API=http://localhost:${actual.get('3000')}`);
  const { stdout } = await terminal.run('npx baton submit --input 5 --todo A --json');
  return ORDER_ID.exec(stdout)?.[0] ?? '';
}

async function end(): Promise<void> {
  await Promise.all(systems.map((system) => system.stop()));
  remove();
}

async function play({ command, printed }: Step, { page, line }: Block): Promise<void> {
  const typed = asTyped(command);
  const place = `${page}, line ${line}`;
  const started = performance.now();
  if (/^npm start/.test(typed)) await start(typed, printed, place);
  else if (/^for /.test(typed)) await startLoop(typed, place);
  else {
    const wrong = await differenceOf(typed, printed);
    if (wrong !== undefined) {
      console.error(`\n${place}: ${command}\n${wrong}\n`);
      process.exitCode = 1;
    }
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${seconds.padStart(6)} s  ${place}: ${command.split('\n')[0]}`);
}

/** Orders come for a while; what the page does meanwhile is done as soon as the first of them have ended. */
async function startLoop(command: string, place: string): Promise<void> {
  background = terminal.run(command);
  const someHaveEnded = 'npx baton orders --status completed --limit 1 | grep -q completed';
  const until = performance.now() + RIGHT_WITHIN_MS;
  while ((await terminal.run(someHaveEnded)).code !== 0) {
    if (performance.now() >= until) throw new Error(`${place}: no order ends`);
    await pause(LOOK_EVERY_MS);
  }
}

async function start(command: string, printed: string, place: string): Promise<void> {
  // Elsewhere it says: in another terminal. There the system runs already.
  if (printed === '') return;
  const flags = command.replace(/\s#.*/, '').split(' -- ')[1]?.split(/\s+/) ?? [];
  const system = new RunningBaton(folder, flags);
  systems.push(system);
  const ready = () => system.hasEnded || /is ready[\s\S]*control/.test(system.log);
  for (let waited = 0; !ready() && waited < READY_WITHIN_MS; waited += LOOK_EVERY_MS) {
    await pause(LOOK_EVERY_MS);
  }
  if (matches(printed, system.log)) return;
  throw new Error(`${place}: ${command}\n${difference(printed, system.log)}`);
}

/** What is not as the page says, once it has had time to become so. */
async function differenceOf(command: string, printed: string): Promise<string | undefined> {
  // The orders of the loop in the other terminal are to be there.
  if (/^npx baton orders/.test(command)) await background;
  const until = performance.now() + (READS.test(command) ? RIGHT_WITHIN_MS : 0);
  for (;;) {
    const wrong = wrongWith(await terminal.run(endingBySelf(command)), printed);
    if (wrong === undefined || performance.now() >= until) return wrong;
    await pause(LOOK_EVERY_MS);
  }
}

/** Where the page shows nothing, the command only has to work. */
function wrongWith({ code, stdout, stderr }: Outcome, printed: string): string | undefined {
  const refuses = printed.startsWith('baton: ');
  const said = refuses ? stderr : stdout;
  if (printed !== '' && !matches(printed, said)) return difference(printed, `${said}\n${stderr}`);
  if ((code === 0) === refuses) return `It ends with ${code}: ${stderr}`;
  return said.includes(PROBLEM) && !printed.includes(PROBLEM) ? said : undefined;
}

/** What goes on until Ctrl-C is looked at for three seconds. */
function endingBySelf(command: string): string {
  return command.includes('--watch') || command.includes('--follow')
    ? `timeout 3 ${command.replace(/\s#.*/, '')} || [ $? -eq 124 ]`
    : command;
}

/** Remembers which ids are meant, if it is as the page says. */
function matches(printed: string, said: string): boolean {
  const ids = idsIn(asHere(printed), said);
  for (const [onPage, here] of Object.entries(ids ?? {})) actual.set(onPage, here);
  return ids !== undefined;
}

function difference(printed: string, said: string): string {
  return `The page says:\n${printed}\nIt prints:\n${said}`;
}

/** A text of a page with the ids and ports of this run. */
function asHere(text: string): string {
  return text
    .replaceAll(ORDER_IDS, (id) => actual.get(id) ?? id)
    .replaceAll(/(?<=localhost:|--port )\d+/g, (port) => actual.get(port) ?? port);
}

/** A command likewise. An id that no page has printed stands for any order. */
function asTyped(command: string): string {
  return asHere(command).replaceAll(ORDER_IDS, (id) =>
    [...actual.values()].includes(id) ? id : (anyOrder ?? id),
  );
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}
