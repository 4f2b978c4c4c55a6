import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { openQueues } from '../aws/embedded-queues.ts';
import { openTable } from '../aws/embedded-table.ts';
import { localCalls } from '../aws/local-calls.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { plugin, requestOf } from '../ports/registry.contract.ts';
import { PROJECT, packageOnce } from './package-service.ts';

let aws: EmbeddedAws;
let folder: string;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  folder = await packageOnce(PROJECT);
}, 240_000);
afterAll(() => aws.stop());

it.each(['orchestrate', 'sweep', 'bury', 'orders'])(
  'the package of %s holds the program that evaluates expressions, and no evaluator beside it',
  async (name) => {
    const zip = await readFile(path.join(folder, `${name}.zip`));
    const bundle = readZipEntry(zip, `src/handlers/${name}.mjs`).toString();
    expect(bundle).toMatch(/Buffer\.from\("[\w+/=]{20000,}","base64"\)/);
    // JSONata's function: it stands in the packed program only.
    expect(bundle).not.toContain('fromMillis');
  },
);

it('the packaged orchestrator evaluates in plain Node, and a greedy expression fails its order only', async () => {
  const { sqs, sns } = localCalls(aws);
  const { table, name } = await openTable(aws);
  const queues = await openQueues(aws, ['A']);
  const ports = {
    journal: createJournal(table, createMemoryPayloads(), { retentionDays: 30 }),
    activeOrders: createActiveOrders(table),
    messenger: createMessenger(sqs, sns, createMemoryPayloads(), queues.addresses),
    clock: Date.now,
  };
  await createRegistry(table, Date.now).put(
    plugin('A', { queueUrl: queues.urls.A ?? '' }),
    requestOf('A'),
  );
  const step = { plugin: 'A', input: { width: '$length($pad("", payload.width))' } };
  const activities = [{ name: 'make', pre: [step], parallel: [], post: [] }];
  const stored = await createWorkflows(table, Date.now).put({ name: 'wide', on: [], activities });
  const workflow = { name: 'wide', version: stored.workflow.version };
  const widths = { small: 7, greedy: 9e7 };
  await placeAll(
    Object.entries(widths).map(([orderId, width]) => ({
      ...({ type: 'OrderPlaced', at: Date.now(), fingerprint: 'f', attributes: {} } as const),
      ...{ orderId, workflow, input: { width } },
    })),
    ports,
  );

  const file = path.join(folder, 'orchestrate.mjs');
  const zip = await readFile(path.join(folder, 'orchestrate.zip'));
  await writeFile(file, readZipEntry(zip, 'src/handlers/orchestrate.mjs'));
  const records = Object.keys(widths).map((orderId) => ({
    messageId: orderId,
    body: JSON.stringify({ type: 'OrderAccepted', orderId }),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
  }));
  const program = `const { handler } = await import(${JSON.stringify(file)});
    console.log(JSON.stringify(await handler(${JSON.stringify({ Records: records })}, {})));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    {
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL: aws.awsEndpoint,
        AWS_ENDPOINT_URL_DYNAMODB: aws.dynamodbEndpoint,
        BATON_TABLE_NAME: name,
        BATON_ORCHESTRATOR_QUEUE_URL: queues.addresses.orchestratorQueueUrl,
        BATON_TASKS_TOPIC_ARN: queues.addresses.tasksTopicArn,
        BATON_LIFECYCLE_TOPIC_ARN: queues.addresses.lifecycleTopicArn,
        BATON_BUCKET_NAME: 'bucket',
        BATON_SUBSCRIPTION_SETTLES_SECONDS: '0',
      },
      timeout: 60_000,
    },
  );
  expect(stdout).toContain('{"batchItemFailures":[]}');
  const states = await Promise.all(
    Object.keys(widths).map(async (orderId) => (await ports.journal.latest(orderId))?.state),
  );
  expect(states[0]).toMatchObject({
    status: 'running',
    stage: { tasks: [{ input: { width: 7 } }] },
  });
  expect(states[1]).toMatchObject({
    status: 'failed',
    error: {
      code: 'EXPRESSION_FAILED',
      message: expect.stringMatching(/^input\.width: the expression takes more /),
    },
  });
}, 120_000);

/** The content of a file in a zip archive. */
function readZipEntry(zip: Buffer, name: string): Buffer {
  // APPNOTE.TXT 4.3.7 and 4.3.12: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
  let at = zip.lastIndexOf(name) - 46;
  // A source map's name begins in the same way.
  while (zip.readUInt16LE(at + 28) !== name.length) at = zip.lastIndexOf(name, at + 45) - 46;
  const packed = zip.readUInt32LE(at + 20);
  const local = zip.readUInt32LE(at + 42);
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return inflateRawSync(zip.subarray(from, from + packed));
}
