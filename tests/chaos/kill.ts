// `npm run chaos:kill`: a local stack of its own with 500 orders, whose processes are all killed at random moments and started again.
// `npm run chaos:kill -- --seed N` chooses the same moments again. `npm run chaos` does more: see chaos.ts.
import { chanceFrom } from '../simulation/seed.ts';
import { complaintsOf, leftBehind } from './checks.ts';
import { placePatiently, putWorkflows } from './client.ts';
import { lifeOf, MortalSystem, seconds } from './mortal-system.ts';
import { readOptions } from './options.ts';
import { untilAllEnd } from './until-all-end.ts';
import { tellVerdict } from './verdict.ts';
import { csvOf, WORKFLOWS, workload } from './workload.ts';

const KILLS_WHILE_PLACING = 2;

const { seed, kills, ...options } = readOptions(
  'chaos:kill',
  'Kills a local stack at random moments, and checks what became of its orders.',
  { orders: 500, kills: 8, longest: 15 },
);

process.exitCode = await run();

async function run(): Promise<number> {
  const chance = chanceFrom(seed);
  const moments = Array.from({ length: kills }, () => lifeOf(chance, options.longest));
  const orders = workload(options.orders);
  console.log(`seed ${seed}: ${orders.length} orders, ${kills} kills`);
  const startedAt = performance.now();
  const mortal = new MortalSystem('chaos', (one) => one.addArithmetic());
  const { system } = mortal;
  await mortal.start();

  // The first kills may come while the client sends its file, the others while its orders are under way.
  const placing = putWorkflows(system, WORKFLOWS).then(() =>
    placePatiently(
      system,
      { type: 'text/csv', body: csvOf(orders), key: 'the file' },
      orders.length,
    ),
  );
  placing.catch(() => undefined);
  for (const [index, ms] of moments.entries()) {
    if (index === KILLS_WHILE_PLACING) {
      console.log(`the file was sent ${await placing} times until every row was accepted`);
    }
    console.log(await mortal.killAfter(ms));
  }
  await placing;
  await untilAllEnd(system, orders.length);

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
  const exitCode = tellVerdict(complaints, {
    done: `${orders.length} orders, ${tasks} tasks, ${attempts} attempts, ${kills} kills, ${seconds(performance.now() - startedAt)} s`,
    well: 'every order has ended as it should',
  });
  await mortal.end({ keep: exitCode !== 0 });
  return exitCode;
}
