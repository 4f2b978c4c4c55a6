import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DynamoDbLocal } from '../localstack/dynamodb-local.ts';
import { LocalStackHost } from '../localstack/localstack-host.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { PROJECT, run, Server } from './command.ts';
import type { Report } from './report.ts';
import type { WorkingCopy } from './working-copy.ts';

const CHECKS = path.join(PROJECT, 'infra/localstack/check_services.py');
const DEMO = 'examples/demo/run.ts';
const START_LOCAL = 'infra/local/launch.js';

const START = 'LocalStack 4.14 and DynamoDB Local start without Docker';
const SERVICES = 'LocalStack: SQS, SNS, S3 and CloudWatch do what Baton relies on';
const ORDERS = 'LocalStack: whole orders through the local stack on top of it';

/** Parts of the demo that it leaves out where their plugins or parameters are missing. */
const SHOWN = ['A direct call: ', 'In line: ', 'Sessions: ', 'Fair shares: ', 'Batches: '];

/** Runs the local stack on top of other implementations of AWS than the embedded ones. */
export async function verifyOnLocalStack(report: Report, copy: WorkingCopy): Promise<void> {
  let dynamo: DynamoDbLocal | undefined;
  let localstack: LocalStackHost | undefined;
  try {
    const started = await report.step(START, async () => {
      dynamo = await DynamoDbLocal.start();
      localstack = await LocalStackHost.start();
      return [localstack.url, dynamo.url];
    });
    if (!started || dynamo === undefined || localstack === undefined) {
      report.leaveOut(SERVICES, 'LocalStack did not start');
      report.leaveOut(ORDERS, 'LocalStack did not start');
      return;
    }
    const { python, url } = localstack;
    const environment = { AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_DYNAMODB: dynamo.url };
    await report.step(SERVICES, async () => {
      const output = await run(python, [CHECKS, url], { seconds: 180 });
      return output.trim().split('\n');
    });
    await report.step(ORDERS, () => passWholeOrders(copy, environment));
  } finally {
    await Promise.all([dynamo?.stop(), localstack?.stop()]);
  }
}

/** Starts the local stack and runs the demo's client, which checks the result of each order. */
async function passWholeOrders(
  copy: WorkingCopy,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const data = makeTemporaryFolder('verify');
  const options = {
    cwd: copy.folder,
    env: { ...process.env, ...environment, AWS_REGION: 'us-east-1', FORCE_COLOR: '0' },
  };
  // The plugins of the first are ordered and stateful, that of the second takes two tasks of a client at once, that of the third waits for full batches.
  const examples = ['--with', 'examples/accounts', 'examples/fairness', 'examples/letters'];
  const start = [copy.path(START_LOCAL), '--port', '0', '--data', data, '--logs', ...examples];
  const stack = new Server('the local stack', process.execPath, start, options);
  try {
    await stack.until(60, async () => (stack.log.includes('is ready') ? true : undefined));
    const { apiUrl } = JSON.parse(await readFile(path.join(data, 'running.json'), 'utf8'));
    const demo = [copy.path(DEMO), '--api', apiUrl];
    const output = await run(process.execPath, demo, { ...options, seconds: 330 });
    const passed = /All \d+ checks passed/.exec(output)?.[0];
    if (passed === undefined) throw new Error(output);
    const missing = SHOWN.filter((title) => !output.includes(title));
    if (missing.length > 0) throw new Error(`the demo did not show: ${missing.join('; ')}`);
    return `npm run demo: ${passed.toLowerCase()}`;
  } catch (error) {
    const errors = stack.log.split('\n').filter((line) => /error/i.test(line));
    throw new Error([(error as Error).message, 'from the log:', ...errors.slice(-10)].join('\n'));
  } finally {
    await stack.stop();
    await rm(data, { recursive: true, force: true });
  }
}
