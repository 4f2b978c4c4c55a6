#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { startProgress } from '../../src/cli/progress.ts';
import { inflateOnce } from './inflate-once.ts';
import { isKnown } from './known-faults.ts';
import { play, replayCommand, worldSeed } from './play.ts';
import type { Theme } from './scenario.ts';
import { THEMES } from './scenario.ts';
import type { WeatherName } from './weather.ts';
import { WEATHERS } from './weather.ts';

interface Options {
  readonly orders: number;
  readonly seed: number;
  readonly replay?: number;
  readonly weather?: WeatherName;
  readonly theme?: Theme;
  readonly all?: true;
  readonly strict?: true;
}

const names = Object.keys(WEATHERS) as WeatherName[];

/** Worlds of each kind of violation that are told of, as soon as they are found. */
const TOLD_OF_A_KIND = 5;

const program = new Command('simulate')
  .description('Plays orders in worlds as unkind as AWS, and checks what became of each.')
  .option('--orders <n>', 'how many orders, in many small worlds', whole, 10_000)
  .option('--seed <n>', 'what determines all worlds', whole, Date.now() % 2 ** 31)
  .option('--replay <seed>', 'play one world again, and tell what happens in it', whole)
  .addOption(
    new Option('--weather <name>', 'how bad the world is (default: each in turn)').choices(names),
  )
  .addOption(
    new Option('--theme <name>', 'what its orders are about').choices([
      ...new Set<Theme>([
        ...THEMES,
        ...([
          'failures',
          'each',
          'slices',
          'branches',
          'ways',
          'rounds',
          'enough',
          'callbacks',
          'quarantine',
          'children',
          'events',
          'ordered',
          'clients',
        ] as const),
      ]),
    ]),
  )
  .option('--all', 'go on after a failure, and count the kinds')
  .option('--strict', 'what tests/simulation/known-faults.ts overlooks is a failure too')
  .parse();

const options = program.opts<Options>();
inflateOnce();
process.exitCode = await (options.replay === undefined
  ? run(options)
  : replay(options.replay, options));

async function replay(seed: number, { weather = 'hurricane', theme }: Options): Promise<number> {
  const { violations, hash } = await play(seed, weather, {
    theme,
    tell: (line) => console.log(line),
  });
  for (const { kind, orderId = '', text } of violations) console.log(`${kind}: ${orderId} ${text}`);
  console.log(`trace ${hash}, ${violations.length} violations`);
  return violations.length === 0 ? 0 : 1;
}

async function run({ orders, seed, weather, theme, all, strict }: Options): Promise<number> {
  console.log(`seed ${seed}`);
  const counts = new Map<string, { count: number; worlds: number }>();
  const terminal = { json: false, interactive: process.stderr.isTTY, note: console.error };
  const progress = startProgress('orders', orders, terminal);
  const startedAt = performance.now();
  let played = 0;
  let entries = 0;
  let worlds = 0;
  let failed = false;
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopped = true;
    });
  }
  for (; played < orders && !stopped && (all || !failed); worlds += 1) {
    const name = weather ?? (names[worlds % names.length] as WeatherName);
    const world = await play(worldSeed(seed, worlds), name, { theme });
    played += world.orders;
    entries += world.entries;
    const found = world.violations.filter((one) => strict || !isKnown(one, world.scenario));
    failed ||= found.length > 0;
    for (const [kind, [one, ...others]] of Map.groupBy(found, (violation) => violation.kind)) {
      const { count, worlds: before } = counts.get(kind) ?? { count: 0, worlds: 0 };
      counts.set(kind, { count: count + 1 + others.length, worlds: before + 1 });
      if (before >= TOLD_OF_A_KIND) continue;
      console.log(`\n${kind} (${world.scenario.theme}): ${one?.orderId ?? ''} ${one?.text}`);
      console.log(`  ${replayCommand(world, theme)}`);
    }
    progress.update(Math.min(played, orders));
  }
  progress.end();
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `\n${played} orders in ${worlds} worlds, ${entries} journal entries, ${seconds.toFixed(1)} s, ${(played / seconds).toFixed(0)} orders/s`,
  );
  for (const [kind, { count, worlds }] of counts)
    console.log(`${kind}: ${count} in ${worlds} worlds`);
  if (!failed) console.log('every order ended as in the sequential model');
  return failed ? 1 : 0;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}
