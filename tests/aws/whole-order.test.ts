import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createAwaitedEvents } from '../../src/aws/awaited-events.ts';
import { createCounts } from '../../src/aws/counts.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createOrderList } from '../../src/aws/order-list.ts';
import { createParkedOrders } from '../../src/aws/parked-orders.ts';
import { createQuarantines } from '../../src/aws/quarantines.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import { createTurns } from '../../src/aws/turns.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import type { OrchestratorMessage, TaskMessage } from '../../src/contract/messages.ts';
import type { OrderEvent, OrderPlaced } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Activity, Todo, WaitForStep } from '../../src/core/workflow.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import type { EnginePorts } from '../../src/engine/engine-ports.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { receiveEvent, tendEvents } from '../../src/engine/tending-events.ts';
import { T0 } from '../ports/entries.ts';
import { createMemoryEvaluator } from '../ports/memory/evaluator.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { plugin, requestOf } from '../ports/registry.contract.ts';
import { times } from '../ports/store.ts';
import { counted } from './counting.ts';
import type { Queues } from './embedded-queues.ts';
import { openQueues } from './embedded-queues.ts';
import { openTable } from './embedded-table.ts';
import { localCalls } from './local-calls.ts';

/** Whole orders through the engine, over the real adapters: what they come to, and what they ask of AWS. */

const PLUGINS = ['A', 'B', 'C', 'D', 'E'];

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

async function open() {
  const { calls, tally, startOver } = counted(localCalls(aws));
  const { table } = await openTable(aws, () => T0, calls.dynamodb);
  const queues = await openQueues(aws, PLUGINS);
  let now = T0;
  const payloads = createMemoryPayloads();
  const journalOfInstance = () => createJournal(table, payloads, { retentionDays: 30 });
  const ports: EnginePorts = {
    journal: journalOfInstance(),
    activeOrders: createActiveOrders(table),
    parkedOrders: createParkedOrders(table),
    awaitedEvents: createAwaitedEvents(table, createMemoryPayloads()),
    quarantines: createQuarantines(table),
    turns: createTurns(table),
    registry: createRegistry(table, () => now),
    workflows: createWorkflows(table, () => now),
    messenger: createMessenger(calls.sqs, calls.sns, createMemoryPayloads(), queues.addresses),
    backlogs: { oldest: async () => new Map() },
    backOff: async () => {},
    clock: () => {
      now += 1;
      return now;
    },
    evaluator: createMemoryEvaluator(),
    counts: createCounts(table, () => now),
    subscriptionSettlesSeconds: 0,
  };
  for (const name of PLUGINS) {
    const registered = plugin(name, { queueUrl: queues.urls[name] ?? '' });
    await ports.registry.put(registered, requestOf(name));
  }
  await ports.registry.plugins();
  const instances = [ports, { ...ports, journal: journalOfInstance() }];
  // The key is read once.
  for (const { journal } of instances) await journal.unseal('o1', '');
  startOver();
  return {
    ports,
    instances,
    queues,
    tally,
    orderList: createOrderList(table, ports.journal),
  };
}

async function place(ports: EnginePorts, todo: Todo, input: Json, orderId = 'o1'): Promise<void> {
  await placeIn(ports, activitiesOf(todo), input, orderId);
}

async function placeIn(
  ports: EnginePorts,
  activities: readonly Activity[],
  input: Json,
  orderId = 'o1',
): Promise<void> {
  const { workflow } = await ports.workflows.put({ name: 'todo-1', on: [], activities });
  const event: OrderPlaced = {
    type: 'OrderPlaced',
    at: ports.clock(),
    orderId,
    input,
    attributes: {},
    workflow: { name: workflow.name, version: workflow.version },
    fingerprint: 'f1',
  };
  await placeAll([event], ports);
}

/** The first entry stands in the index too: a unit, which the embedded table does not count. */
const LISTED = 1;

/**
 * Lets every plugin answer until nothing is in any queue: what the handlers and the plugins do, one message at a time. The instances of
 * the core take turns, beginning with the last.
 */
async function run(
  instances: readonly EnginePorts[],
  queues: Queues,
  answer: (input: Json) => Json,
): Promise<void> {
  const [{ clock }] = instances as [EnginePorts];
  let turns = 0;
  const advance = async (orderId: string, event: OrderEvent, sealed?: string) => {
    turns += 1;
    const ports = instances.at(-turns % instances.length) as EnginePorts;
    if (sealed !== undefined) await ports.journal.unseal(orderId, sealed);
    const { failures } = await advanceOrders(new Map([[orderId, [event]]]), ports);
    for (const error of failures.values()) throw error;
  };
  for (let moved = true; moved; ) {
    moved = false;
    for (const body of await queues.take('orchestrator')) {
      const message = body as OrchestratorMessage;
      if (!('orderId' in message)) continue;
      moved = true;
      if (message.type === 'EventDue') {
        const due = await tendEvents({ ...message, isAgain: false }, instances[0] as EnginePorts);
        for (const [orderId, event] of due) await advance(orderId, event);
        continue;
      }
      const sealed = message.type === 'OrderAccepted' ? message.sealed : undefined;
      await advance(message.orderId, { type: 'OrderAccepted', at: clock() }, sealed);
    }
    for (const name of PLUGINS) {
      for (const body of await queues.take(name)) {
        const { orderId, input, invited } = body as unknown as TaskMessage;
        const invitation = invited[name];
        if (invitation === undefined) continue;
        moved = true;
        const { taskId, attempt, sealed } = invitation;
        const result = answer(input);
        const event = { type: 'TaskCompleted', at: clock(), taskId, attempt, result } as const;
        await advance(orderId, event, sealed);
      }
    }
  }
}

let ids = 0;

/** Looks random, and is the same in each run: how far it packs decides what it costs. */
function id(): string {
  ids += 1;
  const digits = createHash('sha256').update(String(ids)).digest('hex');
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const kilobyte = () =>
  times(14, (index) => ({ id: id(), name: `image ${index}`, price: index * 12.5 }));

it('a kilobyte is one', () => {
  expect(JSON.stringify(kilobyte()).length).toBeGreaterThan(1000);
  expect(JSON.stringify(kilobyte()).length).toBeLessThan(1100);
});

/** What a whole order asks of AWS when every answer comes alone, and to another instance than the one that sent the task. */
async function costOf(todo: Todo, payload: () => Json) {
  ids = 0;
  const { ports, instances, queues, tally } = await open();
  await place(ports, todo, payload());
  await run(instances, queues, payload);
  const { calls, readUnits, writeUnits } = structuredClone(tally);
  expect((await ports.journal.latest('o1'))?.state.status).toBe('completed');
  // The ad-hoc workflow is stored once, whatever the number of its orders; and the counts six times a minute.
  const ofWorkflow = 1;
  const { UpdateItem: ofCounts = 0, ...others } = calls;
  expect(ofCounts).toBe(1);
  return {
    calls: { ...others, PutItem: (others.PutItem ?? 0) - ofWorkflow },
    readUnits,
    writeUnits: writeUnits + LISTED - ofWorkflow - ofCounts,
  };
}

const inARow = (count: number) => times(count, (index) => PLUGINS[index % PLUGINS.length] ?? 'A');

/**
 * An order puts its active item and its entries: when it is placed, when it starts, and one a task; it reads nothing, since messages
 * carry what somebody else has stored; and it deletes the item. Each task is one message; that the order has started and ended, one each. Lower a number when an order
 * has become cheaper. To raise one is to make every order dearer.
 */
describe('what an order asks of AWS', () => {
  it.each([
    { tasks: 1, writeUnits: 5 + 1 },
    { tasks: 5, writeUnits: 5 + 5 },
    // Some entries of long orders are a little more than a unit.
    { tasks: 20, writeUnits: 5 + 21 },
    { tasks: 100, writeUnits: 5 + 106 },
  ])('is five write units, and one a task: $tasks in a row, of 1 KB each', async (one) => {
    const { tasks } = one;
    const cost = await costOf(inARow(tasks), kilobyte);
    expect(cost).toEqual({
      calls: {
        PutItem: 3 + tasks,
        DeleteItem: 1,
        SendMessageBatch: 1 + tasks,
        PublishBatch: 2,
      },
      readUnits: 0,
      writeUnits: one.writeUnits,
    });
  });

  it('is one message for a parallel stage, and a read for each answer: others may have answered elsewhere; and one for the results', async () => {
    const { calls, readUnits, writeUnits } = await costOf([PLUGINS], kilobyte);
    const PublishBatch = 2 + 1;
    expect(calls).toEqual({
      ...{ PutItem: 3 + 5, Query: 5 + 1, DeleteItem: 1, SendMessageBatch: 1, PublishBatch },
    });
    expect([readUnits, writeUnits]).toEqual([7, 5 + 6]);
  });

  it('is as many write units as the results pack to: 8 KB to less than four', async () => {
    const large = () => times(8, kilobyte);
    const { calls, readUnits, writeUnits } = await costOf(inARow(5), large);
    expect(calls).toMatchObject({ PutItem: 3 + 5, SendMessageBatch: 1 + 5, PublishBatch: 2 });
    // Such entries travel along with no message: they would cost more there than the reads.
    expect([readUnits, writeUnits]).toEqual([7, 22]);
  });

  it('is one write unit a task for 8 KB that are handed on unchanged', async () => {
    const large = times(8, kilobyte);
    const { writeUnits } = await costOf(inARow(5), () => large);
    // Entry 0 holds them.
    expect(writeUnits).toBe(5 + 5 + 2);
  });
});

/** What an order asks of AWS that does A, and B once an event has come; or does both at once. */
async function costOfWaiting(step?: WaitForStep) {
  ids = 0;
  const { ports, queues, tally } = await open();
  const pre = [{ plugin: 'A' }, ...(step ? [step] : []), { plugin: 'B' }];
  await placeIn(ports, [{ name: 'a', pre, parallel: [], post: [] }], 1);
  await run([ports], queues, kilobyte);
  if (step !== undefined) {
    const { event: eventType } = step.waitFor;
    const place = step.waitFor.key === undefined ? { orderId: 'o1' } : { key: 'R-17' };
    const event = { eventId: 'e1', eventType, ...place, receivedAt: ports.clock(), data: 1 };
    await receiveEvent(event, ports);
    await run([ports], queues, kilobyte);
  }
  expect((await ports.journal.latest('o1'))?.state.status).toBe('completed');
  return structuredClone(tally);
}

/**
 * An entry of its own; the place in the list, which is put and deleted; the event. Each message is a request to send it, one to receive it and
 * one to delete it. An order that lives for longer than a minute costs three units more, once, whatever it waits for: its wake-up moves.
 */
it('a wait for an event costs four write units and two messages, and two units without a key', async () => {
  const without = await costOfWaiting();
  const costs = async (step: WaitForStep) => {
    const { writeUnits, calls } = await costOfWaiting(step);
    const messages = (calls.SendMessageBatch ?? 0) - (without.calls.SendMessageBatch ?? 0);
    return { units: writeUnits - without.writeUnits, messages };
  };
  const keyed = { event: 'paid', key: '"R-17"' };
  expect(await costs({ waitFor: keyed })).toEqual({ units: 4, messages: 2 });
  expect(await costs({ waitFor: { event: 'paid' } })).toEqual({ units: 2, messages: 2 });
});

it('the counts of twenty orders in a minute are stored six times, a write unit each', async () => {
  const { ports, queues, tally } = await open();
  for (const index of times(20, (index) => index)) {
    await place(ports, ['A'], 1, `o${index}`);
    await run([ports], queues, () => 1);
  }
  expect(tally.calls.UpdateItem).toBe(6);
});

describe('an order with a parallel stage', () => {
  it('invites all plugins of the stage with one message', async () => {
    const { ports, queues, orderList, tally } = await open();
    await place(ports, ['A', ['B', 'C', 'D'], 'E'], 1);
    await run([ports], queues, (input) => (typeof input === 'number' ? input + 1 : input));
    const entries = await ports.journal.entries('o1');
    expect(entries.at(-1)?.state).toMatchObject({
      status: 'completed',
      result: { B: 3, C: 3, D: 3 },
    });
    expect(tasksOf(entries).map(({ job }) => job)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(tally.calls).toMatchObject({ SendMessageBatch: 1 + 2, PublishBatch: 1 + 2 });
    expect((await orderList.page({ limit: 10 })).orders).toMatchObject([
      { orderId: 'o1', status: 'completed' },
    ]);
  });
});
