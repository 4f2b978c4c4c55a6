import { Worker } from 'node:worker_threads';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { EventSourceMapping } from '../../infra/local/mapping/event-source-mapping.ts';
import type { TaskAnswer } from '../../src/contract/messages.ts';
import { readToken } from '../../src/contract/task-token.ts';
import { embeddedEnvironment } from '../aws/embedded-environment.ts';
import { localCalls } from '../aws/local-calls.ts';
import { until } from '../local/until.ts';
import { taskRecord } from './fake-runtime.ts';

/** Longer than a batch takes on a busy machine. */
const VISIBILITY_SECONDS = 8;
const DEADLY = 5;
const environment = process.env;

let aws: EmbeddedAws;
let sqs: SQSClient;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  process.env = {
    ...environment,
    ...embeddedEnvironment(aws),
    BATON_PLUGIN: 'resize',
    BATON_PLUGIN_KEY: 'key of resize',
    BATON_ORCHESTRATOR_QUEUE_URL: `${aws.awsEndpoint}/000000000000/orchestrator`,
    BATON_QUEUE_URL: `${aws.awsEndpoint}/000000000000/resize`,
    BATON_API_URL: aws.awsEndpoint,
    BATON_BUCKET_NAME: 'objects',
  };
  sqs = new SQSClient({});
  for (const QueueName of ['orchestrator', 'resize-dead']) {
    await sqs.send(new CreateQueueCommand({ QueueName }));
  }
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:resize-dead',
    maxReceiveCount: 3,
  });
  const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS), RedrivePolicy };
  await sqs.send(new CreateQueueCommand({ QueueName: 'resize', Attributes }));
});
afterAll(async () => {
  process.env = environment;
  sqs.destroy();
  await aws.stop();
});

/** The plugin of the fixture: a thread of its own for each batch, which its deadly task ends. */
function deadlyPlugin() {
  const begun: number[] = [];
  const invoke = async (_: string, event: unknown) => {
    const worker = new Worker(new URL('./fixture/deadly-plugin.ts', import.meta.url), {
      env: process.env,
    });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the process ended')));
    worker.on('message', (message: { begun: number } | { response: unknown }) => {
      if ('begun' in message) begun.push(message.begun);
      else resolve(message.response);
    });
    worker.postMessage(event);
    return promise.finally(() => worker.terminate());
  };
  return { invoke, begun };
}

async function received(queue: string): Promise<string[]> {
  const QueueUrl = `${aws.awsEndpoint}/000000000000/${queue}`;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }),
  );
  return Messages.map(({ Body }) => String(Body));
}

it('nine of ten tasks of a batch complete over real queues, and the tenth alone becomes a dead letter', async () => {
  const QueueUrl = String(process.env.BATON_QUEUE_URL);
  const Entries = Array.from({ length: 10 }, (_, n) => ({
    Id: String(n),
    MessageBody: taskRecord(n, n).body,
  }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const { invoke, begun } = deadlyPlugin();
  const problems: string[] = [];
  const mapping = new EventSourceMapping(
    {
      ...{ id: 'mapping', queueUrl: QueueUrl, functionArn: 'function', enabled: true },
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:resize',
      ...{ batchSize: 10, batchingWindowSeconds: 0, maximumConcurrency: 1 },
      reportBatchItemFailures: true,
    },
    { sqs: localCalls(aws).sqs, invoke, report: (problem) => problems.push(problem) },
  ).start();

  const dead: string[] = [];
  await until('the deadly task becomes a dead letter', async () => {
    dead.push(...(await received('resize-dead')));
    return dead.length > 0;
  });
  await mapping.stop();
  const answers: TaskAnswer[] = [];
  for (let bodies = await received('orchestrator'); bodies.length > 0; ) {
    answers.push(...bodies.flatMap((body) => JSON.parse(body).answers));
    bodies = await received('orchestrator');
  }
  const ordersOf = (type: string) =>
    answers
      .filter((answer) => answer.type === type)
      .map(({ token }) => readToken(token, () => ['key of resize'])?.orderId);
  const others = Array.from({ length: 10 }, (_, n) => `order-${n}`).filter((_, n) => n !== DEADLY);
  expect(ordersOf('TaskCompleted').sort()).toEqual(others);
  expect(ordersOf('TaskFailed')).toEqual([]);
  expect(dead.map((body) => JSON.parse(body).orderId)).toEqual([`order-${DEADLY}`]);
  expect(begun.filter((input) => input === DEADLY)).toHaveLength(3);
  // Twice begun with the trace, which tells the core why it is a dead letter.
  expect(ordersOf('TaskHeartbeat').filter((order) => order === `order-${DEADLY}`)).toHaveLength(2);
  expect(problems).toEqual([]);
});
