import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createObjectStore } from '../../src/aws/object-store.ts';
import { createQueueGauges } from '../../src/aws/queue-gauges.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { localClients } from '../local/local-clients.ts';
import type { Arrival } from '../ports/messenger.contract.ts';
import { accepted, messengerContract, task } from '../ports/messenger.contract.ts';
import type { Queues } from './embedded-queues.ts';
import { openQueues } from './embedded-queues.ts';
import { localCalls } from './local-calls.ts';

const PLUGINS = ['A', 'B', 'C'];

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

async function openMessenger() {
  const queues = await openQueues(aws, PLUGINS);
  const { sqs, sns } = localCalls(aws);
  return { queues, messenger: createMessenger(sqs, sns, queues.addresses) };
}

describe('over SQS and SNS', () => {
  messengerContract(async () => {
    const { queues, messenger } = await openMessenger();
    return {
      messenger,
      queueUrl: (plugin) => queues.urls[plugin] ?? '',
      arrivals: () => arrivalsIn(queues),
    };
  });

  it('a message that is too large is an error of its order, and holds up no other', async () => {
    const { queues, messenger } = await openMessenger();
    const queueUrl = queues.urls.A ?? '';
    const toA = (orderId: string, bytes: number): OutgoingMessage => ({
      ...{ to: 'plugin', orderId, queueUrl },
      body: task(orderId, 'x'.repeat(bytes)),
    });
    const broadcast = (orderId: string, bytes: number): OutgoingMessage => ({
      ...{ to: 'broadcast', orderId, plugins: ['B'] },
      body: task(orderId, 'x'.repeat(bytes)),
    });
    const undelivered = await messenger.send([
      toA('o1', 1_048_400),
      toA('o2', 1_048_576),
      toA('o3', 1),
      broadcast('o4', 261_900),
      broadcast('o5', 262_144),
      broadcast('o6', 1),
    ]);
    expect(undelivered.map(({ message }) => message.orderId)).toEqual(['o2', 'o5']);
    for (const { error } of undelivered) expect(error).toBeInstanceOf(TooLargeError);
    expect(undelivered[1]?.error.message).toMatch(
      /^a message of order o5 for SNS is 26\d{4} bytes; at most 262144 are possible$/,
    );
    const arrived = (await arrivalsIn(queues)).map(
      ({ body }) => (body as { orderId: string }).orderId,
    );
    expect(arrived.sort()).toEqual(['o1', 'o3', 'o4', 'o6']);
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

describe('the object store', () => {
  it('keeps bytes as they are', async () => {
    const { s3 } = localClients(aws);
    await s3.send(new CreateBucketCommand({ Bucket: 'objects' }));
    const image = randomBytes(100_000);
    const ref = await createObjectStore(localCalls(aws).s3, 'objects').put(
      'orders/o1/input',
      image,
      'image/png',
    );
    expect(ref).toEqual({ bucket: 'objects', key: 'orders/o1/input' });
    const stored = await s3.send(new GetObjectCommand({ Bucket: ref.bucket, Key: ref.key }));
    expect(stored.ContentType).toBe('image/png');
    expect(Buffer.from((await stored.Body?.transformToByteArray()) ?? []).equals(image)).toBe(true);
  });
});

async function arrivalsIn(queues: Queues): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const at of Object.keys(queues.urls).sort()) {
    const bodies = await queues.take(at);
    const sorted = bodies.map((body) => ({ at, body }));
    arrivals.push(...sorted.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
  }
  return arrivals;
}
