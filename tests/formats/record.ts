// `node tests/formats/record.ts VERSION`: at a release, keeps what this version writes, for those that come after it.
import { writeFileSync } from 'node:fs';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { readDefinitionText } from '../../src/contract/workflow-definition.ts';
import type { OrderPlaced } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { T0 } from '../ports/entries.ts';
import type { Recorded } from './recorded.ts';
import { toRecorded } from './recorded.ts';
import { finish, openSystem, PLUGINS, type SmallSystem } from './small-system.ts';

const WORKFLOWS = {
  row: 'activities: [{name: go, pre: [A, B]}]',
  wide: 'activities: [{name: go, parallel: [A, B], post: [Adds]}]',
  history: 'activities: [{name: go, pre: [A, LooksBack]}]',
  pause: 'activities: [{name: go, pre: [A, {wait: 1h}, B]}]',
  awaits:
    'activities: [{name: go, pre: [A, {waitFor: {event: paid, key: payload}, timeoutSeconds: 60}, B]}]',
  fails: 'activities: [{name: go, pre: [A, Fails]}]',
  chosen:
    "activities: [{name: go, pre: [A, {plugin: B, when: 'attributes.kind = \"b\"', input: {n: '$jobs.A.result'}}]}]",
};

const [version = ''] = process.argv.slice(2);
const clock = { now: T0 };
const aws = await startEmbeddedAws();
const system = await openSystem(aws, clock);
await system.registerPlugins();
for (const [name, text] of Object.entries(WORKFLOWS)) {
  await system.ports.workflows.put(readDefinitionText(name, text, 'yaml'));
}

const messages: Record<string, Json[]> = Object.fromEntries(
  ['orchestrator', ...PLUGINS].map((name) => [name, []]),
);
const orderIds: string[] = [];

// Those that ended, in every way.
for (const workflow of ['row', 'wide', 'history', 'fails', 'chosen'] as const) {
  await place(workflow, `ended-${workflow}`);
}
await system.run();

// Those that are under way, each at another place.
await place('row', 'accepted');
await place('row', 'together-1', 'together-2');
await keep(system, 'orchestrator');
for (const workflow of ['row', 'wide', 'history'] as const) {
  await place(workflow, `sent-${workflow}`);
  await system.orchestrate(await system.queues.take('orchestrator'));
  for (const name of PLUGINS) await keep(system, name);
}
await place('row', 'answered');
await system.orchestrate(await system.queues.take('orchestrator'));
for (const body of await system.queues.take('A')) {
  messages.orchestrator?.push(await system.answer('A', body));
}
await place('wide', 'half');
await system.orchestrate(await system.queues.take('orchestrator'));
for (const body of await system.queues.take('A')) {
  await system.orchestrate([await system.answer('A', body)]);
}
await keep(system, 'B');
await place('row', 'beating');
await system.orchestrate(await system.queues.take('orchestrator'));
for (const body of await system.queues.take('A')) {
  await system.orchestrate([await system.answer('A', body, { type: 'TaskHeartbeat' })]);
  messages.A?.push(body);
}
await place('row', 'backing-off');
await system.orchestrate(await system.queues.take('orchestrator'));
const error = { code: 'BUSY', message: 'later' };
for (const body of await system.queues.take('A')) {
  const failure = { type: 'TaskFailed', error, retry: 'policy' };
  await system.orchestrate([await system.answer('A', body, failure)]);
}
await place('pause', 'waiting');
await place('awaits', 'awaiting');
await system.run();

const { Items = [] } = await system.dynamodb.send(new ScanCommand({ TableName: system.tableName }));
const items = Items.map(toRecorded);
await system.run(messages);
const ends = await finish(system, clock, orderIds);
const recorded: Recorded = { version, items, messages, ends };
const file = new URL(`./${version}.json`, import.meta.url);
writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
console.log(`${items.length} items, ${orderIds.length} orders: ${JSON.stringify(ends)}`);
await aws.stop();
process.exit(0);

async function place(workflow: string, ...ids: readonly string[]): Promise<void> {
  orderIds.push(...ids);
  const events = ids.map(
    (orderId): OrderPlaced => ({
      type: 'OrderPlaced',
      at: system.ports.clock(),
      orderId,
      input: 5,
      attributes: { kind: 'a', tags: ['x', 'y'] },
      client: 'X',
      workflow: { name: workflow, version: 1 },
      fingerprint: `print of ${orderId}`,
    }),
  );
  await placeAll(events, system.ports);
}

async function keep({ queues }: SmallSystem, queue: string): Promise<void> {
  messages[queue]?.push(...(await queues.take(queue)));
}
