import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import {
  bottlenecks,
  clientContracts,
  enginePorts,
  lifecycle,
  mappings,
  masterSecret,
  metrics,
  objects,
  orderList,
  pluginMetrics,
  queueGauges,
  registry,
} from '../../src/aws/adapters.ts';
import { localClients } from '../local/local-clients.ts';
import { placed } from '../ports/entries.ts';
import { accepted } from '../ports/messenger.contract.ts';
import { openQueues } from './embedded-queues.ts';
import { openTable } from './embedded-table.ts';

/** The adapters as a deployed function gets them: from nothing but its environment. */

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

it('all ports come out of the environment, each once', async () => {
  const { name } = await openTable(aws);
  const { addresses } = await openQueues(aws, ['A']);
  await localClients(aws).s3.send(new CreateBucketCommand({ Bucket: 'objects' }));
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: aws.awsEndpoint,
    AWS_ENDPOINT_URL_DYNAMODB: aws.dynamodbEndpoint,
    BATON_STAGE: 'local',
    BATON_TABLE_NAME: name,
    BATON_ORCHESTRATOR_QUEUE_URL: addresses.orchestratorQueueUrl,
    BATON_TASKS_TOPIC_ARN: addresses.tasksTopicArn,
    BATON_LIFECYCLE_TOPIC_ARN: addresses.lifecycleTopicArn,
    BATON_BUCKET_NAME: 'objects',
    BATON_SUBSCRIPTION_SETTLES_SECONDS: '0',
  });

  const { journal, messenger, subscriptionSettlesSeconds } = enginePorts();
  expect(await journal.append(placed({ orderId: 'o1' }))).toBe('stored');
  expect(await messenger.send([accepted('o1')])).toEqual([]);
  expect((await orderList().page({ limit: 1 })).orders).toMatchObject([{ orderId: 'o1' }]);
  expect(await queueGauges().read([addresses.orchestratorQueueUrl])).toEqual(
    new Map([[addresses.orchestratorQueueUrl, { visible: 1, inFlight: 0, delayed: 0 }]]),
  );
  expect(await clientContracts().get('X')).toBeUndefined();
  expect((await masterSecret().read()).current).toHaveLength(43);
  expect(await bottlenecks().list()).toEqual([]);
  await lifecycle().publish({ type: 'plugin.awaited', plugin: 'A' });
  for (const port of [mappings, metrics, pluginMetrics]) expect(port()).toBeDefined();
  await objects().put('o1', Buffer.from('x'), 'text/plain');
  expect(subscriptionSettlesSeconds).toBe(0);
  expect(enginePorts()).toBe(enginePorts());
  expect(enginePorts().registry).toBe(registry());
});
