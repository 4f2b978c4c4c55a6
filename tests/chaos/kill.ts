// `npm run chaos:kill`: a local stack of its own with 500 orders, whose processes are all killed at random moments and started again.
// `npm run chaos:kill -- --seed N` chooses the same moments again.
import { setTimeout as pause } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { startProgress } from '../../src/cli/progress.ts';
import { until } from '../local/until.ts';
import { chanceFrom } from '../simulation/seed.ts';
import { OrderSystem } from '../stack/order-system.ts';
import { complaintsOf, countEnded, leftBehind } from './checks.ts';
import { placePatiently } from './client.ts';
import { killTree } from './process-tree.ts';
import { workload } from './workload.ts';

/** On a machine that does much else besides. */
const STARTS_WITHIN_MS = 240_000;

/** A task that was lost with its instance comes again after a minute, and its order may lose some of them. */
const ENDS_WITHIN_MS = 15 * 60_000;

/** Between the moment at which the stack is ready and the one at which it is killed. */
const LEAST_MS = 500;

const ASK_EVERY_MS = 1000;

const KILLS_WHILE_PLACING = 2;

const options = new Command('npm run chaos:kill --')
  .description('Kills a local stack at random moments, and checks what became of its orders.')
  .option('--orders <n>', 'how many orders', whole, 500)
  .option('--kills <n>', 'how often everything is killed', whole, 8)
  .option('--longest <seconds>', 'the stack is killed within this time of being ready', whole, 15)
  .option('--seed <n>', 'what determines the moments', whole, Date.now() % 2 ** 31)
  .parse()
  .opts<{ orders: number; kills: number; longest: number; seed: number }>();

process.exitCode = await run();

async function run(): Promise<number> {
  const { seed, kills, longest } = options;
  const chance = chanceFrom(seed);
  const moments = Array.from({ length: kills }, () => chance.between(LEAST_MS, longest * 1000));
  const orders = workload(options.orders);
  console.log(`seed ${seed}: ${orders.length} orders, ${kills} kills`);
  const startedAt = performance.now();
  const system = new OrderSystem('chaos');
  const endAll = () => killTree(system.stack.pid);
  process.once('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  system.addArithmetic();
  await system.start(STARTS_WITHIN_MS);

  // The first kills may come while the client sends its file, the others while its orders are under way.
  const placing = placePatiently(system, orders);
  placing.catch(() => undefined);
  for (const [index, ms] of moments.entries()) {
    if (index === KILLS_WHILE_PLACING) {
      console.log(`the file was sent ${await placing} times until every row was accepted`);
    }
    let ended: number | undefined;
    countEnded(system).then(
      (count) => {
        ended = count;
      },
      () => undefined,
    );
    await pause(ms);
    const processes = killTree(system.stack.pid);
    await system.stack.ended;
    const killedAt = performance.now();
    await system.start(STARTS_WITHIN_MS);
    const back = seconds(performance.now() - killedAt);
    const after = `${(ms / 1000).toFixed(1)} s after it was ready`;
    console.log(
      `kill ${index + 1}: ${after}, ${processes} processes; ${ended ?? 'it is not known how many'} orders had ended; ready again in ${back} s`,
    );
  }
  await placing;

  const terminal = { json: false, interactive: process.stderr.isTTY, note: console.error };
  const progress = startProgress('ended', orders.length, terminal);
  await until(
    'all orders end',
    async () => {
      await pause(ASK_EVERY_MS);
      const ended = await countEnded(system);
      progress.update(ended);
      return ended >= orders.length;
    },
    ENDS_WITHIN_MS,
  ).catch((error: Error) => console.log(error.message));
  progress.end();

  const complaints: string[] = [];
  let attempts = 0;
  let tasks = 0;
  for (const expected of orders) {
    const seen = await system.order(expected.orderId);
    complaints.push(...complaintsOf(seen, expected));
    tasks += seen.tasks.length;
    attempts += seen.tasks.reduce((sum, task) => sum + task.attempts.length, 0);
  }
  complaints.push(...(await leftBehind(system, orders)));
  for (const complaint of complaints) console.log(complaint);
  console.log(
    `${orders.length} orders, ${tasks} tasks, ${attempts} attempts, ${kills} kills, ${seconds(performance.now() - startedAt)} s: ${complaints.length === 0 ? 'every order has ended as it should' : `${complaints.length} complaints`}`,
  );
  endAll();
  process.off('exit', endAll);
  await system.remove();
  return complaints.length === 0 ? 0 : 1;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}
