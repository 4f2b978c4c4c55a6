import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Block } from '../blocks.ts';
import { playingOf } from '../marks.ts';
import { idsIn } from '../printed.ts';
import { type Step, stepsOf } from '../session.ts';
import { commandsIn } from '../shell.ts';
import { makeFolder } from './folder.ts';
import { blocksToPlay, fileOf } from './pages.ts';
import { LAUNCH, type Outcome, RunningBaton, Terminal } from './terminal.ts';

/** What is asked for again until the page is right: orders go on meanwhile. */
const READS =
  /^(npx baton (orders|order|plugins|status|logs|workflows list)\b|curl (?!.*( -d| -T| -X| --data)))/;
const RIGHT_WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 500;

const ORDER_ID = /\b01[0-9A-HJKMNP-TV-Z]{24}\b/;
const ORDER_IDS = new RegExp(ORDER_ID, 'g');
const TOKEN_PREFIXES = /\bbaton_[co]_[\w-]{8}(?![\w-])/g;
const PROBLEM = '"urn:baton:problem:';

/** Where pages expect a system that they do not start. */
const USUAL_PORT = '3000';

/** Somebody who reads some pages one after another and types what they say: in one clone, with systems of their own. */
export class Reader {
  readonly #pages: readonly string[];
  readonly #folder = makeFolder();
  /** By the port that stands on the pages. */
  readonly #systems = new Map<string, RunningBaton>();
  /** By what stands on the pages: ids of orders and operations, beginnings of tokens, and ports. */
  readonly #actual = new Map<string, string>();
  #terminal = this.#newTerminal('no page');
  #loop: Promise<unknown> = Promise.resolve();
  /** Stands for an id that no page has printed. */
  #anyOrder: string | undefined;
  steps = 0;
  /** Steps that did not go as the pages say. */
  wrong = 0;

  constructor(pages: readonly string[]) {
    this.#pages = pages;
  }

  /** Says what is not as the pages say. */
  async play(): Promise<void> {
    try {
      if (!startsSystem(this.#pages[0]!)) await this.#start('npm start', '', 'npm start');
      for (const page of this.#pages) await this.#playPage(page);
    } catch (error) {
      this.#complain((error as Error).message);
    }
  }

  async end(): Promise<void> {
    await this.#terminal.close();
    await Promise.all([...this.#systems.values()].map((system) => system.stop()));
    this.#systems.clear();
    this.#folder.remove();
  }

  async #playPage(page: string): Promise<void> {
    this.#terminal = this.#newTerminal(path.basename(page));
    for (const block of blocksToPlay(page)) {
      const file = fileOf(block);
      if (file !== undefined) await this.#write(file, block);
      else await this.#playBlock(block);
    }
    for (const ended of await this.#terminal.close()) this.#complain(`${page}: ${ended}`);
  }

  #complain(about: string): void {
    this.wrong += 1;
    console.error(`\n${about}\n`);
  }

  #newTerminal(name: string): Terminal {
    const { clone, bin } = this.#folder;
    const port = this.#actual.get(USUAL_PORT);
    return new Terminal(clone, path.join(bin, `${name}.memory`), {
      PATH: `${bin}:${process.env.PATH}`,
      ...(port !== undefined && { BATON_API: `http://localhost:${port}` }),
    });
  }

  /** A file of the page goes into the folder in which the page's terminal stands. */
  async #write(file: string, { text }: Block): Promise<void> {
    const { stdout } = await this.#terminal.run('pwd');
    writeFileSync(path.join(stdout.trim(), file), text);
  }

  async #playBlock(block: Block): Promise<void> {
    const { compared } = playingOf(block);
    for (const { command, printed } of stepsOf(block.text)) {
      const place = `${block.page}, line ${block.line}: ${command}`;
      const began = performance.now();
      await this.#type({ command, printed: compared ? printed : '' }, place);
      this.steps += 1;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`${seconds.padStart(6)} s  ${place.split('\n')[0]}`);
    }
  }

  async #type({ command, printed }: Step, place: string): Promise<void> {
    if (/^npm start\b/.test(command)) return this.#start(command, printed, place);
    const typed = await this.#asTyped(command);
    if (/^for /.test(typed)) return this.#startLoop(typed, place);
    if (/^npx baton worker\b/.test(typed)) return this.#terminal.runInBackground(typed);
    const wrong = await this.#differenceOf(typed, printed);
    if (wrong !== undefined) this.#complain(`${place}\n${wrong}`);
  }

  /** Starts a system, in place of the one that the page has at the same port. Without options, the page means one that runs. */
  async #start(command: string, printed: string, place: string): Promise<void> {
    const [, , , ...flags] = commandsIn(command)[0] ?? []; // npm start -- …
    const at = flags.indexOf('--port');
    const [, port = USUAL_PORT] = at === -1 ? [] : flags.splice(at, 2);
    const running = this.#systems.get(port);
    if (running !== undefined && flags.length === 0) return;
    await running?.stop();
    const free = ['--port', this.#actual.get(port) ?? '0'];
    const system = new RunningBaton(LAUNCH, this.#folder.clone, [...flags, ...free]);
    this.#systems.set(port, system);
    await system.settled();
    const actual = /^API\s+\S+:(\d+)$/m.exec(system.log)?.[1];
    if (actual === undefined) throw new Error(`${place}\n${system.log}`);
    this.#actual.set(port, actual);
    if (port === USUAL_PORT) await this.#terminal.run(`BATON_API=http://localhost:${actual}`);
    if (printed !== '' && !this.#isAs(printed, system.log)) {
      this.#complain(`${place}\n${difference(printed, system.log)}`);
    }
  }

  /** Orders come for a while; what the page does meanwhile is done as soon as the first of them have ended. */
  async #startLoop(command: string, place: string): Promise<void> {
    this.#loop = this.#terminal.run(command);
    const someHaveEnded = 'npx baton orders --status completed --limit 1 | grep -q completed';
    const until = performance.now() + RIGHT_WITHIN_MS;
    while ((await this.#terminal.run(someHaveEnded)).code !== 0) {
      if (performance.now() >= until) throw new Error(`${place}\nNo order ends.`);
      await pause(LOOK_EVERY_MS);
    }
  }

  /** What is not as the page says, once it has had time to become so. */
  async #differenceOf(command: string, printed: string): Promise<string | undefined> {
    if (/--(watch|follow)\b/.test(command)) {
      return this.#wrongWith(await this.#terminal.runUntilPrinted(command), printed);
    }
    // The orders of the loop in the other terminal are to be there.
    if (/^npx baton orders/.test(command)) await this.#loop;
    const until = performance.now() + (READS.test(command) ? RIGHT_WITHIN_MS : 0);
    for (;;) {
      const wrong = this.#wrongWith(await this.#terminal.run(command), printed);
      if (wrong === undefined || performance.now() >= until) return wrong;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Where the page shows nothing, the command only has to work. */
  #wrongWith({ code, stdout, stderr }: Outcome, printed: string): string | undefined {
    const refuses = printed.startsWith('baton: ');
    const said = refuses ? stderr : stdout;
    if (printed !== '' && !this.#isAs(printed, said)) {
      return difference(printed, `${said}\n${stderr}`);
    }
    if ((code === 0) === refuses) return `It ends with ${code}: ${stderr}`;
    return said.includes(PROBLEM) && !printed.includes(PROBLEM) ? said : undefined;
  }

  /** Remembers which ids are meant, if it is as the page says. */
  #isAs(printed: string, said: string): boolean {
    const ids = idsIn(this.#asHere(printed), said);
    for (const [onPage, here] of Object.entries(ids ?? {})) this.#actual.set(onPage, here);
    return ids !== undefined;
  }

  /** A text of a page with the ids and ports of this run. */
  #asHere(text: string): string {
    const here = (onPage: string) => this.#actual.get(onPage) ?? onPage;
    return text
      .replaceAll(ORDER_IDS, here)
      .replaceAll(TOKEN_PREFIXES, here)
      .replaceAll(/(?<=localhost:|--port )\d+/g, here);
  }

  /** A command likewise. An id that no page has printed stands for any order. */
  async #asTyped(command: string): Promise<string> {
    const here = new Set(this.#actual.values());
    const typed = this.#asHere(command);
    const unknown = (typed.match(ORDER_IDS) ?? []).some((id) => !here.has(id));
    if (unknown) this.#anyOrder ??= await this.#placeOrder();
    return typed.replaceAll(ORDER_IDS, (id) => (here.has(id) ? id : (this.#anyOrder ?? id)));
  }

  async #placeOrder(): Promise<string> {
    const { stdout } = await this.#terminal.run('npx baton submit --input 5 --todo A --json');
    const id = ORDER_ID.exec(stdout)?.[0];
    if (id === undefined) throw new Error(`No order can be placed.\n${stdout}`);
    return id;
  }
}

const startsSystem = (page: string): boolean =>
  blocksToPlay(page).some(({ text }) => /^(\$ )?npm start -- /m.test(text));

function difference(printed: string, said: string): string {
  return `The page says:\n${printed}\nIt prints:\n${said}`;
}
