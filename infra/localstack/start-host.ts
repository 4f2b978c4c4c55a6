/**
 * Starts LocalStack 4.14.0 and DynamoDB Local without Docker. `npm run localstack -- npm start` runs a command on top of them; without a
 * command, they run until Ctrl-C. See docs/verify.md.
 */
import { spawn } from 'node:child_process';
import { DynamoDbLocal } from './dynamodb-local.ts';
import { LocalStackHost } from './localstack-host.ts';

const [command, ...args] = process.argv.slice(2);
const started = performance.now();
const servers: { stop: () => Promise<void> }[] = [];

try {
  const dynamo = await DynamoDbLocal.start();
  servers.push(dynamo);
  const localstack = await LocalStackHost.start();
  servers.push(localstack);
  const endpoints = {
    AWS_ENDPOINT_URL: localstack.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
  };
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`LocalStack (SQS, SNS, S3, CloudWatch) and DynamoDB Local after ${seconds} s:`);
  for (const [name, url] of Object.entries(endpoints)) console.log(`  export ${name}=${url}`);
  process.exitCode = await (command === undefined ? interrupted() : runOnTop(command, endpoints));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
}

function interrupted(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(0));
  });
}

/** Runs the command with the endpoints in its environment. @returns its exit code */
function runOnTop(name: string, endpoints: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      stdio: 'inherit',
      env: { ...process.env, AWS_REGION: 'us-east-1', ...endpoints },
    });
    // Ctrl-C reaches the command, too, which then ends by itself.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => child.kill(signal));
    }
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
