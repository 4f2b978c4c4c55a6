import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { makeOrchestrate } from '../../src/app/orders/orchestrate-records.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createAwaitedEvents } from '../../src/aws/awaited-events.ts';
import { createFailureWindows } from '../../src/aws/failure-windows.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createMasterSecret } from '../../src/aws/master-secret.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createParkedOrders } from '../../src/aws/parked-orders.ts';
import { createQuarantines } from '../../src/aws/quarantines.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import { createTurns } from '../../src/aws/turns.ts';
import { createWorkers } from '../../src/aws/workers.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import type { TaskMessage } from '../../src/contract/messages.ts';
import {
  pluginDefinitionSchema,
  toPluginDefinition,
} from '../../src/contract/plugin-definition.ts';
import { pluginKey, signToken } from '../../src/contract/task-token.ts';
import type { Json } from '../../src/core/json.ts';
import type { EnginePorts } from '../../src/engine/engine-ports.ts';
import { readTaskMessage } from '../../src/sdk/task-message.ts';
import { CONTEXT, sqsEvent } from '../app/system.ts';
import { openQueues } from '../aws/embedded-queues.ts';
import { openTable } from '../aws/embedded-table.ts';
import { localCalls } from '../aws/local-calls.ts';
import { localClients } from '../local/local-clients.ts';
import { createMemoryCounts } from '../ports/memory/counts.ts';
import { createMemoryEvaluator } from '../ports/memory/evaluator.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';

export type Behaviour = (input: Json, message: TaskMessage) => Json;

/** What the plugins do: `Fails` does not, ever. */
export const BEHAVIOURS: Readonly<Record<string, Behaviour | undefined>> = {
  A: (input) => Number(input) + 2,
  B: (input) => Number(input) * 2,
  Adds: (input) => Object.values(input as Record<string, number>).reduce((a, b) => a + b, 0),
  LooksBack: (_, { history }) => history?.input ?? null,
  Fails: undefined,
};

export const PLUGINS = Object.keys(BEHAVIOURS);

/** The real handler, adapters and messages over embedded AWS services; plugins answer when they are told to. */
export async function openSystem(aws: EmbeddedAws, clock: { now: number }) {
  const { dynamodb } = localClients(aws);
  const { sqs, sns } = localCalls(aws);
  const { name: tableName, table } = await openTable(aws, () => clock.now);
  const queues = await openQueues(aws, PLUGINS);
  const payloads = createMemoryPayloads();
  const ports: EnginePorts = {
    journal: createJournal(table, payloads, { retentionDays: 30 }),
    activeOrders: createActiveOrders(table),
    parkedOrders: createParkedOrders(table),
    awaitedEvents: createAwaitedEvents(table, payloads),
    quarantines: createQuarantines(table),
    turns: createTurns(table),
    registry: createRegistry(table, () => clock.now),
    workflows: createWorkflows(table, () => clock.now),
    messenger: createMessenger(sqs, sns, payloads, queues.addresses),
    backlogs: { oldest: async () => new Map() },
    backOff: async () => {},
    clock: () => {
      clock.now += 1;
      return clock.now;
    },
    evaluator: createMemoryEvaluator(),
    counts: createMemoryCounts(() => clock.now),
    subscriptionSettlesSeconds: 0,
  };
  const masterSecret = createMasterSecret(table, () => clock.now);
  const handler = makeOrchestrate({
    ...ports,
    payloads,
    failureWindows: createFailureWindows(table),
    workers: createWorkers(table),
    queueGauges: { read: async () => new Map() },
    masterSecret,
    metrics: { publish: () => {} },
    redelivery: { delay: async () => {}, preclude: async () => {} },
  });

  const heard: Json[] = [];

  async function orchestrate(bodies: readonly Json[]): Promise<void> {
    if (bodies.length === 0) return;
    heard.push(...bodies);
    const { batchItemFailures } = await handler(sqsEvent(bodies as readonly object[]), CONTEXT);
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} failed`);
  }

  async function registerPlugins(): Promise<void> {
    for (const name of PLUGINS) {
      const history = name === 'LooksBack';
      const definition = toPluginDefinition(pluginDefinitionSchema.parse({ name, history }));
      const queueUrl = queues.urls[name] ?? '';
      const queue = { queueUrl, queueArn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
      const sentAt = ports.clock();
      await ports.registry.put(
        { ...definition, ...queue, owner: 'stack', registeredAt: sentAt },
        { stackId: 'stack/1', logicalId: name, requestId: `${name} ${sentAt}`, sentAt },
      );
    }
  }

  /** What the plugin says to a message in its queue, as the SDK reads it. */
  async function answer(name: string, body: Json, as?: object): Promise<Json> {
    const task = readTaskMessage(JSON.stringify(body), name);
    if (typeof task === 'string') throw new Error(task);
    const { message, invitation } = task;
    if ('stored' in message) throw new Error('messages of these orders are small');
    const { orderId, input } = message;
    const { taskId, attempt } = invitation;
    const key = pluginKey((await masterSecret.read()).current, name);
    const token = signToken({ orderId, taskId, attempt, plugin: name }, key);
    const perform = BEHAVIOURS[name];
    const said =
      as ??
      (perform === undefined
        ? { type: 'TaskFailed', error: { code: 'NO', message: 'never' }, retry: 'never' }
        : { type: 'TaskCompleted', result: perform(input, message) });
    return { answers: [{ ...said, token }] } as unknown as Json;
  }

  /** Goes on until nothing waits in any queue. `left`: messages from elsewhere, by queue. */
  async function run(left: Readonly<Record<string, readonly Json[]>> = {}): Promise<void> {
    let bodies: readonly Json[] = left.orchestrator ?? [];
    let own = left;
    for (;;) {
      await orchestrate(bodies);
      const answers: Json[] = [];
      for (const name of PLUGINS) {
        for (const body of [...(own[name] ?? []), ...(await queues.take(name))]) {
          answers.push(await answer(name, body));
        }
      }
      own = {};
      bodies = [...answers, ...(await queues.take('orchestrator'))];
      if (bodies.length === 0) return;
    }
  }

  return {
    ...{ dynamodb, tableName, ports, masterSecret, queues },
    ...{ orchestrate, registerPlugins, answer, run },
    /** Every message that the orchestrator got. */
    heard,
  };
}

export type SmallSystem = Awaited<ReturnType<typeof openSystem>>;

/** Lets all that wait wake up, until every order has ended. */
export async function finish(
  system: SmallSystem,
  clock: { now: number },
  orderIds: readonly string[],
): Promise<Record<string, { status: string; result?: Json }>> {
  const ends: Record<string, { status: string; result?: Json }> = {};
  for (const orderId of orderIds) {
    for (let wakes = 0; ends[orderId] === undefined; wakes += 1) {
      const { state } = (await system.ports.journal.latest(orderId)) ?? {};
      if (state === undefined || wakes > 10) throw new Error(`${orderId} does not end`);
      if ('result' in state) ends[orderId] = { status: state.status, result: state.result };
      else if (state.status === 'failed' || state.status === 'cancelled') {
        ends[orderId] = { status: state.status };
      } else {
        const { at } = state.wakeUp;
        clock.now = Math.max(clock.now, at + 1);
        await system.orchestrate([{ type: 'DeadlinePassed', orderId, at }]);
        await system.run();
      }
    }
  }
  return ends;
}
