import { readdirSync, readFileSync } from 'node:fs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { viewOrder } from '../../src/app/orders/order-view.ts';
import { placedEvent } from '../../src/core/journal-entry.ts';
import { T0 } from '../ports/entries.ts';
import type { Recorded } from './recorded.ts';
import { fromRecorded } from './recorded.ts';
import { finish, openSystem, PLUGINS, type SmallSystem } from './small-system.ts';

jest.setTimeout(240_000);

/** What each released version has left: `node tests/formats/record.ts VERSION` makes the next. */
const folder = new URL('./', import.meta.url);
const RELEASES = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recorded);

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

it('there is a release to replay', () => {
  expect(RELEASES.map(({ version }) => version)).toContain('0.1');
});

describe.each(RELEASES)('what version $version has left', ({ items, messages, ends }) => {
  const orderIds = Object.keys(ends);
  const clock = { now: 0 };
  let system: SmallSystem;
  beforeAll(async () => {
    clock.now = T0 + 60_000;
    system = await openRecorded();
  });

  async function openRecorded(): Promise<SmallSystem> {
    const opened = await openSystem(aws, clock);
    for (const item of items) {
      const { tableName: TableName } = opened;
      await opened.dynamodb.send(new PutItemCommand({ TableName, Item: fromRecorded(item) }));
    }
    return opened;
  }

  it('is read: the plugins, the workflows, the secret, and every journal to its last entry', async () => {
    const { registry, workflows, journal } = system.ports;
    expect([...(await registry.plugins()).keys()].sort()).toEqual([...PLUGINS].sort());
    for (const orderId of orderIds) {
      const entries = await journal.entries(orderId);
      const workflow = await workflows.get(placedEvent(entries).workflow);
      expect(viewOrder(entries, workflow)).toMatchObject({ orderId, client: 'X', input: 5 });
    }
    expect((await system.masterSecret.read()).current).toHaveLength(43);
  });

  it('goes on to the same ends: messages in every queue, signed answers, and what only waits', async () => {
    await system.registerPlugins();
    await system.run(messages);
    expect(await finish(system, clock, orderIds)).toEqual(ends);
  });

  it('goes on to the same ends as a restored table, under messages that are newer than it', async () => {
    const newer = system.heard;
    const restored = await openRecorded();
    await restored.registerPlugins();
    const ofNobody = { type: 'OrderAccepted', orderId: 'placed-after-that' };
    await restored.run({ orchestrator: [...newer, ofNobody, ...newer] });
    expect(await finish(restored, clock, orderIds)).toEqual(ends);
  });
});
