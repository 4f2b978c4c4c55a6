// `npm run chaos`: a local stack of its own with 500 orders that are undone when they fail, a plugin that breaks for a while, people who act
// on orders, batches and plugins at random, and everything killed twenty times at random moments. In the end each order must have ended as
// the sequential model of the simulation says, and the plugins' own records must agree with what Baton tells.
// `npm run chaos -- --seed N` draws the same orders, moments and acts again; what meets what depends on the machine.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OperationView, OrderPage, OrderView } from '../../src/cli/responses.ts';
import { chanceFrom, seedFor } from '../simulation/seed.ts';
import { leftBehind } from './checks.ts';
import { demand, placePatiently, putWorkflows } from './client.ts';
import { effectsOf, readDeeds } from './deeds.ts';
import type { Evidence } from './judge/judge.ts';
import { complaintsOf } from './judge/judge.ts';
import { lifeOf, MortalSystem, seconds } from './mortal-system.ts';
import { readOptions } from './options.ts';
import { Acts } from './people/acts.ts';
import { BulkOperator } from './people/bulk-operator.ts';
import { Desk } from './people/desk.ts';
import { Healing } from './people/healing.ts';
import { tendOrders } from './people/order-operator.ts';
import { PluginOperator } from './people/plugin-operator.ts';
import { Repairer } from './people/repairer.ts';
import type { Shop } from './people/shop.ts';
import { whileOpen } from './people/shop.ts';
import type { Plan } from './plans.ts';
import { DEFINITIONS, FRAIL, plansFor, WORKFLOWS } from './plans.ts';
import { summaryOf } from './summary.ts';
import { untilAllEnd } from './until-all-end.ts';
import { tellVerdict } from './verdict.ts';

const SHOP = fileURLToPath(new URL('./fixture/shop', import.meta.url));

/** So many of the kills come after work has begun, the others while everything starts. */
const ANSWERS = 0.75;

const OPERATORS = 3;

/** The frail plugin breaks when so much of the kills is over. */
const BREAKS_AT = [0.1, 0.6];

/** When nobody is there any more, whatever is broken yet is mended after so long: too few orders may be left for a quarantine. */
const MENDED_WITHIN_MS = 30_000;

const options = readOptions(
  'chaos',
  'Kills a local stack at random moments while plugins fail and people act, and holds what became of its orders against a model.',
  { orders: 500, kills: 20, longest: 30 },
);
const { seed, kills } = options;

const chanceOf = (part: string) => chanceFrom(seedFor(seed, part));
const startedAt = performance.now();
const plans = plansFor(options.orders, kills + 1, chanceOf('plans'));
const mortal = new MortalSystem('chaos', (one) => one.addService(SHOP));
const { system } = mortal;

const placed: Plan[] = [];
const acts = new Acts(system);
const healing = new Healing(system.marks);
const shop: Shop = { ...{ system, placed, acts, healing }, isOpen: true };
const bulk = new BulkOperator(shop, chanceOf('bulk'));
const plugins = new PluginOperator(shop, chanceOf('plugins'));
const desk = new Desk(shop, chanceOf('desk'));
const repairer = new Repairer(system, healing);

console.log(`seed ${seed}: ${plans.length} orders, ${kills} kills`);
await mortal.start();
await putWorkflows(system, DEFINITIONS);
const people = Promise.all([
  ...Array.from({ length: OPERATORS }, (_, n) => tendOrders(shop, chanceOf(`operator ${n}`))),
  bulk.tendBatches(),
  plugins.tendPlugins(),
  whileOpen(shop, chanceOf('desk times'), [500, 2000], () => desk.tendTasks()),
  whileOpen(shop, chanceOf('looks'), [500, 1000], () => repairer.look()),
]);
/** What people could not bear: a refusal of what cannot be refused. */
const troubles: string[] = [];
let areGone = false;
people
  .catch((error: Error) => troubles.push(error.message))
  .finally(() => {
    areGone = true;
  });
await killAgainAndAgain();
await closeShop();
// Somebody may wait for what will never come, if that is what is wrong.
process.exit(await verdict());

/** Places the orders batch by batch, and kills everything after each batch but the last. */
async function killAgainAndAgain(): Promise<void> {
  const moments = chanceOf('moments');
  let placing = Promise.resolve();
  for (let round = 0; round <= kills; round += 1) {
    const batch = plans.filter(({ attributes }) => attributes.batch === String(round));
    placing = placing.then(() => place(batch));
    placing.catch(() => undefined);
    if (BREAKS_AT.some((share) => round === Math.floor(share * kills))) healing.breakPlugin(FRAIL);
    if (round === kills) break;
    const ms = lifeOf(moments, options.longest);
    console.log(await mortal.killAfter(ms, { answers: moments.happens(ANSWERS) }));
  }
  await placing;
}

/** From now on people only finish what they have begun, and see to it that nothing waits for them. */
async function closeShop(): Promise<void> {
  shop.isOpen = false;
  const closedAt = Date.now();
  await untilAllEnd(system, plans.length, async () => {
    await desk.tendTasks();
    await repairer.look();
    if (Date.now() - closedAt > MENDED_WITHIN_MS) healing.mendPlugin(FRAIL);
    await resumeAll();
    return areGone;
  });
}

/** Says what has happened and what was wrong about it, and keeps the evidence if something was. @returns the exit code */
async function verdict(): Promise<number> {
  const evidence = await gather();
  const deeds = readDeeds(system.marks);
  const complaints = [
    ...troubles,
    ...complaintsOf(evidence, effectsOf(deeds)),
    ...(await leftBehind(system, plans)),
    ...(await leftOver()),
    ...(repairer.closed === 0 ? [`${FRAIL} was never seen in quarantine`] : []),
    ...(repairer.reopened < repairer.closed ? [`${FRAIL} has not reopened`] : []),
  ];
  for (const line of summaryOf(evidence, deeds, { repairer, plugins })) console.log(line);
  const exitCode = tellVerdict(complaints, {
    done: `${kills} kills, ${seconds(performance.now() - startedAt)} s`,
    well: 'every order has ended as the model says',
  });
  if (exitCode !== 0) {
    writeFileSync(join(system.folder, 'evidence.json'), JSON.stringify(evidence, undefined, 1));
    console.log(`the evidence is in ${system.folder}`);
  }
  await mortal.end({ keep: exitCode !== 0 });
  return exitCode;
}

async function gather(): Promise<Evidence> {
  const orders: OrderView[] = [];
  for (const { orderId } of plans) {
    orders.push(await demand<OrderView>(system, { path: `/orders/${orderId}` }));
  }
  const operations: OperationView[] = [];
  for (const { operationId } of bulk.all) operations.push(await bulk.look(operationId));
  return {
    ...{ plans, orders, acts: acts.all, asked: bulk.all, operations, callbacks: desk.taken },
    healedAt: Object.fromEntries(healing.healedAt),
  };
}

/** Places a batch whole before anybody acts on it as one. */
async function place(batch: readonly Plan[]): Promise<void> {
  if (batch.length === 0) return;
  const key = `batch ${batch[0]?.attributes.batch}`;
  await placePatiently(system, { body: batch, key }, batch.length);
  placed.push(...batch);
}

/** Nobody leaves an order paused: what it paused for instead of failing is mended first. */
async function resumeAll(): Promise<void> {
  const path = '/orders?status=paused&limit=100';
  const { orders } = await demand<OrderPage>(system, { path });
  for (const { orderId, workflow } of orders) {
    if (WORKFLOWS.get(workflow.name)?.pauseOnFailure) healing.heal(orderId);
    await acts.ask(orderId, 'resume');
  }
}

/** Dead letters, and what the status should not tell any more. */
async function leftOver(): Promise<readonly string[]> {
  const { total } = await demand<{ total: number }>(system, { path: '/dead-letters' });
  const { orders, tasks } = await demand<{
    orders: { stuck: number };
    tasks: { parked: number };
  }>(system, { path: '/status' });
  return [
    ...(total > 0 ? [`${total} dead letters`] : []),
    ...(orders.stuck > 0 ? [`${orders.stuck} orders are stuck`] : []),
    ...(tasks.parked > 0 ? [`${tasks.parked} tasks are parked`] : []),
  ];
}
