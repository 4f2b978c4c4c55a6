import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { EventSourceMapping } from '../../infra/local/mapping/event-source-mapping.ts';
import { localCalls } from '../aws/local-calls.ts';
import { controlWithClients } from './control-clients.ts';
import { localClients } from './local-clients.ts';
import { until } from './until.ts';

const SLOW = 'baton-local-plugin-slow';
const OTHER = 'baton-local-plugin-other';
const ARN = 'arn:aws:sqs:us-east-1:000000000000:';

let aws: EmbeddedAws;
let sqs: ReturnType<typeof localClients>['sqs'];
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  aws = await startEmbeddedAws();
  sqs = localClients(aws).sqs;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
  sqs.destroy();
  await aws.stop();
});

async function queue(name: string, messages = 0): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  cleanups.push(() => sqs.send(new PurgeQueueCommand({ QueueUrl })));
  for (let sent = 0; sent < messages; sent += 1)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${sent}` }));
  return String(QueueUrl);
}

function mappingOf(name: string, queueUrl: string, invoke: () => Promise<unknown>) {
  const mapping = new EventSourceMapping(
    {
      id: `uuid-of-${name}`,
      queueUrl,
      queueArn: `${ARN}${name}`,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:slow',
      enabled: true,
      batchSize: 1,
      batchingWindowSeconds: 0,
      maximumConcurrency: 2,
      reportBatchItemFailures: false,
    },
    { sqs: localCalls(aws).sqs, invoke, report: () => {} },
  ).start();
  cleanups.push(() => mapping.stop());
  return mapping;
}

it('are listed by queue', async () => {
  const world = await controlWithClients();
  cleanups.push(world.stop);
  world.mappings.push(mappingOf(SLOW, await queue(SLOW), async () => ({})));
  world.mappings.push(mappingOf(OTHER, await queue(OTHER), async () => ({})));
  const { EventSourceMappings } = await world.lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn: `${ARN}${SLOW}` }),
  );
  expect(EventSourceMappings).toEqual([
    expect.objectContaining({
      UUID: `uuid-of-${SLOW}`,
      State: 'Enabled',
      ScalingConfig: { MaximumConcurrency: 2 },
    }),
  ]);
});

it('with more concurrency more runs at once, at once', async () => {
  const world = await controlWithClients();
  cleanups.push(world.stop);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let running = 0;
  const url = await queue(SLOW, 6);
  world.mappings.push(
    mappingOf(SLOW, url, async () => {
      running += 1;
      await released;
    }),
  );
  await until('two run', () => running === 2);
  await world.lambda.send(
    new UpdateEventSourceMappingCommand({
      UUID: `uuid-of-${SLOW}`,
      ScalingConfig: { MaximumConcurrency: 5 },
    }),
  );
  await until('five run', () => running === 5);
  expect(world.updates).toEqual(['at most 5 at once, 2 before']);
  release();
  await until('all have run', () => running === 6);
});

it('one that is switched off takes nothing, and goes on when it is switched on', async () => {
  const world = await controlWithClients();
  cleanups.push(world.stop);
  let ran = 0;
  const url = await queue(SLOW);
  world.mappings.push(
    mappingOf(SLOW, url, async () => {
      ran += 1;
    }),
  );
  const update = (Enabled: boolean) =>
    world.lambda.send(new UpdateEventSourceMappingCommand({ UUID: `uuid-of-${SLOW}`, Enabled }));
  expect((await update(false)).State).toBe('Disabled');
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'waits' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  await update(true);
  await until('it has run', () => ran === 1);
  expect(world.updates).toEqual(['switched off', 'switched on']);
});

it('an unknown one, and a concurrency that Lambda refuses, have the names of their errors', async () => {
  const world = await controlWithClients();
  cleanups.push(world.stop);
  world.mappings.push(mappingOf(SLOW, await queue(SLOW), async () => ({})));
  await expect(
    world.lambda.send(new GetEventSourceMappingCommand({ UUID: 'unknown' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(
    world.lambda.send(
      new UpdateEventSourceMappingCommand({
        UUID: `uuid-of-${SLOW}`,
        ScalingConfig: { MaximumConcurrency: 1 },
      }),
    ),
  ).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'MaximumConcurrency is 1; it must be from 2 to 1000',
  });
});
