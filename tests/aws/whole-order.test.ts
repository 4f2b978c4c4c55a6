import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createOrderList } from '../../src/aws/order-list.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import type { OrchestratorMessage, TaskMessage } from '../../src/contract/messages.ts';
import type { OrderEvent, OrderPlaced } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Todo } from '../../src/core/workflow.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import type { EnginePorts } from '../../src/engine/engine-ports.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { T0 } from '../ports/entries.ts';
import { createMemoryEvaluator } from '../ports/memory/evaluator.ts';
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
  const ports: EnginePorts = {
    journal: createJournal(table, { retentionDays: 30 }),
    activeOrders: createActiveOrders(table),
    registry: createRegistry(table, () => now),
    workflows: createWorkflows(table, () => now),
    messenger: createMessenger(calls.sqs, calls.sns, queues.addresses),
    backlogs: { oldest: async () => new Map() },
    backOff: async () => {},
    clock: () => {
      now += 1;
      return now;
    },
    evaluator: createMemoryEvaluator(),
    subscriptionSettlesSeconds: 0,
  };
  for (const name of PLUGINS) {
    const registered = plugin(name, { queueUrl: queues.urls[name] ?? '' });
    await ports.registry.put(registered, requestOf(name));
  }
  await ports.registry.plugins();
  startOver();
  return {
    ports,
    queues,
    tally,
    orderList: createOrderList(table, ports.journal),
  };
}

async function place(ports: EnginePorts, todo: Todo, input: Json, orderId = 'o1'): Promise<void> {
  const { workflow } = await ports.workflows.put({
    name: 'todo-1',
    on: [],
    activities: activitiesOf(todo),
  });
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

/** Lets every plugin answer until nothing is in any queue: what the handlers and the plugins do, one message at a time. */
async function run(
  ports: EnginePorts,
  queues: Queues,
  answer: (input: Json) => Json,
): Promise<void> {
  const advance = async (orderId: string, event: OrderEvent) => {
    const { failures } = await advanceOrders(new Map([[orderId, [event]]]), ports);
    for (const error of failures.values()) throw error;
  };
  for (let moved = true; moved; ) {
    moved = false;
    for (const body of await queues.take('orchestrator')) {
      const message = body as OrchestratorMessage;
      if (!('type' in message)) continue;
      moved = true;
      await advance(message.orderId, { type: 'OrderAccepted', at: ports.clock() });
    }
    for (const name of PLUGINS) {
      for (const body of await queues.take(name)) {
        const { orderId, input, invited } = body as unknown as TaskMessage;
        const invitation = invited[name];
        if (invitation === undefined) continue;
        moved = true;
        const { taskId, attempt } = invitation;
        const at = ports.clock();
        await advance(orderId, {
          type: 'TaskCompleted',
          at,
          taskId,
          attempt,
          result: answer(input),
        });
      }
    }
  }
}

const kilobyte = () =>
  times(14, (index) => ({ id: randomUUID(), name: `image ${index}`, price: index * 12.5 }));

it('a kilobyte is one', () => {
  expect(JSON.stringify(kilobyte()).length).toBeGreaterThan(1000);
  expect(JSON.stringify(kilobyte()).length).toBeLessThan(1100);
});

describe('an order of five tasks, one after another, with 1 KB each', () => {
  it('asks little of AWS', async () => {
    const { ports, queues, tally } = await open();
    await place(ports, PLUGINS, kilobyte());
    await run(ports, queues, kilobyte);
    const entries = await ports.journal.entries('o1');
    expect(entries.at(-1)?.state.status).toBe('completed');
    expect(entries).toHaveLength(7);
    expect(tally.calls).toEqual({
      // The ad-hoc workflow, once; the active item; an entry when it was placed, when it started, and a task.
      PutItem: 1 + 1 + 7,
      // The entry that somebody else has stored: the first one. And all of them, for the assertion above.
      Query: 1 + 1,
      // The active item is removed.
      DeleteItem: 1,
      // The start, and each task.
      SendMessageBatch: 1 + 5,
      // Started, completed.
      PublishBatch: 2,
    });
    // An entry is a unit. The workflow, and the active item twice.
    expect(tally.writeUnits).toBe(7 + 1 + 2);
    // The workflow and the registry, read once an instance, are not in it: the test has read them before.
    expect(tally.readUnits).toBeLessThanOrEqual(4);
  });
});

describe('an order of a hundred tasks', () => {
  it('takes at most 1.2 write units a task', async () => {
    const { ports, queues, tally } = await open();
    const todo = times(100, (index) => PLUGINS[index % PLUGINS.length] ?? 'A');
    await place(ports, todo, kilobyte());
    await run(ports, queues, kilobyte);
    expect((await ports.journal.latest('o1'))?.state.status).toBe('completed');
    expect((tally.writeUnits + LISTED) / 100).toBeLessThanOrEqual(1.2);
    expect(tally.calls.SendMessageBatch).toBe(101);
  });
});

describe('an order with a parallel stage', () => {
  it('invites all plugins of the stage with one message', async () => {
    const { ports, queues, orderList, tally } = await open();
    await place(ports, ['A', ['B', 'C', 'D'], 'E'], 1);
    await run(ports, queues, (input) => (typeof input === 'number' ? input + 1 : input));
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
