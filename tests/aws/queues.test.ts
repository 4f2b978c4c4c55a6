import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createObjectStore } from '../../src/aws/object-store.ts';
import { createQueueGauges } from '../../src/aws/queue-gauges.ts';
import type { StoredTaskMessage, TaskMessage } from '../../src/contract/messages.ts';
import type { Payloads } from '../../src/contract/payloads.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { localClients } from '../local/local-clients.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import type { Arrival } from '../ports/messenger.contract.ts';
import { accepted, messengerContract, task } from '../ports/messenger.contract.ts';
import { objectStoreContract } from '../ports/object-store.contract.ts';
import type { Queues } from './embedded-queues.ts';
import { openQueues } from './embedded-queues.ts';
import { localCalls } from './local-calls.ts';

const PLUGINS = ['A', 'B', 'C'];

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

async function openMessenger(given?: Pick<Payloads, 'put'>) {
  const queues = await openQueues(aws, PLUGINS);
  const { sqs, sns } = localCalls(aws);
  const payloads = createMemoryPayloads();
  const messenger = createMessenger(sqs, sns, given ?? payloads, queues.addresses);
  return { queues, messenger, payloads };
}

import type { FactEvent } from '../../src/contract/cloud-event.ts';
import type { Json } from '../../src/core/json.ts';

describe('over SQS and SNS', () => {
  messengerContract(async () => {
    const { queues, messenger } = await openMessenger();
    return {
      messenger,
      queueUrl: (plugin) => queues.urls[plugin] ?? '',
      arrivals: () => arrivalsIn(queues),
    };
  });

  it('a message that no queue takes goes into the bucket, and what comes says where it lies', async () => {
    const { queues, messenger, payloads } = await openMessenger();
    const queueUrl = queues.urls.A ?? '';
    const toA = (orderId: string, bytes: number): OutgoingMessage => ({
      ...{ to: 'plugin', orderId, queueUrl },
      body: task(orderId, 'x'.repeat(bytes)),
    });
    const broadcast = (orderId: string, bytes: number): OutgoingMessage => ({
      ...{ to: 'broadcast', orderId, plugins: ['B', 'C'] },
      body: task(orderId, 'x'.repeat(bytes)),
    });
    const sent = [
      toA('o1', 1_048_400),
      toA('o2', 1_048_576),
      toA('o3', 1),
      broadcast('o4', 261_900),
      broadcast('o5', 2_000_000),
      broadcast('o6', 1),
    ];
    expect(await messenger.send(sent)).toEqual([]);
    const arrived = await arrivalsIn(queues);
    const stored = arrived.flatMap(({ at, body }) => {
      const { orderId, invited, stored: ref } = body as unknown as StoredTaskMessage;
      return ref === undefined ? [] : [{ at, orderId, invited, ref }];
    });
    expect(stored.map(({ at, orderId }) => [at, orderId])).toEqual([
      ['A', 'o2'],
      ['B', 'o5'],
      ['C', 'o5'],
    ]);
    for (const { orderId, invited, ref } of stored) {
      const message = sent.find((one) => one.orderId === orderId)?.body as TaskMessage;
      const whole: unknown = JSON.parse(Buffer.from(await payloads.get(orderId, ref)).toString());
      expect(whole).toEqual(message);
      expect(invited).toEqual(message.invited);
    }
    expect(arrived).toHaveLength(9);
  });

  it('a message that is too large for its reader, or could not be stored, is an error of its order only', async () => {
    const { queues, messenger } = await openMessenger({
      put: async (orderId, bytes) => {
        if (orderId === 'o2') throw new Error('S3 is out of order');
        return { sha256: 'x', bytes: bytes.byteLength };
      },
    });
    const queueUrl = queues.urls.A ?? '';
    const undelivered = await messenger.send(
      [
        ['o1', 33_554_432],
        ['o2', 1_048_576],
        ['o3', 1_048_576],
        ['o4', 1],
      ].map(([orderId, bytes]) => ({
        ...{ to: 'plugin', orderId: String(orderId), queueUrl },
        body: task(String(orderId), 'x'.repeat(Number(bytes))),
      })),
    );
    const reasons = undelivered.map(({ message, error }) => [message.orderId, error.message]);
    expect(Object.fromEntries(reasons)).toEqual({
      o1: 'a message of order o1 is 33554527 bytes; at most 33554432 are possible',
      o2: 'S3 is out of order',
    });
    expect(undelivered.map(({ error }) => error instanceof TooLargeError)).toEqual([true, false]);
    const arrived = await arrivalsIn(queues);
    expect(arrived.map(({ body }) => (body as { orderId: string }).orderId).sort()).toEqual([
      ...['o3', 'o4'],
    ]);
  });

  it('a delayed message waits in its queue, and a queue tells how many do', async () => {
    const { queues, messenger } = await openMessenger();
    const message = { type: 'DeadlinePassed', orderId: 'o1', at: 1 } as const;
    const delayed: OutgoingMessage = {
      to: 'orchestrator',
      orderId: 'o1',
      delaySeconds: 900,
      body: message,
    };
    await messenger.send([delayed, accepted('o2'), accepted('o3')]);
    const orchestrator = queues.urls.orchestrator ?? '';
    const nowhere = orchestrator.replace(/[^/]+$/, 'no-such-queue');
    const gauges = await createQueueGauges(localCalls(aws).sqs).read([
      orchestrator,
      queues.urls.A ?? '',
      nowhere,
    ]);
    expect(gauges).toEqual(
      new Map([
        [orchestrator, { visible: 2, inFlight: 0, delayed: 1 }],
        [queues.urls.A, { visible: 0, inFlight: 0, delayed: 0 }],
      ]),
    );
  });
});

describe('over S3', () => {
  objectStoreContract(async () => {
    const bucket = `objects-${randomBytes(4).toString('hex')}`;
    await localClients(aws).s3.send(new CreateBucketCommand({ Bucket: bucket }));
    return { connect: () => createObjectStore(localCalls(aws).s3, bucket) };
  });

  it('an object keeps its content type', async () => {
    const { s3 } = localClients(aws);
    await s3.send(new CreateBucketCommand({ Bucket: 'objects' }));
    const store = createObjectStore(localCalls(aws).s3, 'objects');
    const { bucket, key } = await store.put('orders/o1/input', Buffer.from('x'), 'image/png');
    const stored = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(stored.ContentType).toBe('image/png');
  });
});

async function arrivalsIn(queues: Queues): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const at of Object.keys(queues.urls).sort()) {
    const bodies = await queues.take(at);
    const sorted = bodies.map((body) => ({ at, body: at === 'lifecycle' ? factOf(body) : body }));
    arrivals.push(...sorted.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
  }
  return arrivals;
}

/** A fact arrives as the data of its event. */
function factOf(body: Json): Json {
  const { type, data } = body as unknown as FactEvent;
  return { type, ...data } as Json;
}
