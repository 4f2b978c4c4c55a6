/**
 * `npm run start:localstack -- [flags of npm start]` starts LocalStack in a container, and the local stack on top of it. Ctrl-C ends both
 * and removes the container's data.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { PROJECT, run } from '../verify/command.ts';
import { isHealthy } from './localstack-host.ts';

const COMPOSE = path.join(PROJECT, 'infra/localstack/compose.yml');
const LAUNCH = path.join(PROJECT, 'infra/local/launch.js');
const PORT = process.env.BATON_LOCALSTACK_PORT || '4566';
const URL = `http://127.0.0.1:${PORT}`;

/** The first start downloads half a gigabyte. */
const UP_SECONDS = 900;
const HEALTHY_SECONDS = 120;

try {
  await checkDocker();
  await compose('up', '--detach');
  try {
    await untilHealthy();
    process.exitCode = await startOnTop(process.argv.slice(2));
  } finally {
    await compose('down', '--volumes');
  }
} catch (error) {
  console.error(`baton: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function checkDocker(): Promise<void> {
  const help = 'npm run localstack does the same without Docker';
  await run('docker', ['compose', 'version'], { seconds: 30 }).catch(() => {
    throw new Error(`Docker with its compose plugin was not found; ${help}.`);
  });
  await run('docker', ['info'], { seconds: 30 }).catch(() => {
    throw new Error(`the Docker engine does not respond: start it; ${help}.`);
  });
}

async function compose(...args: string[]): Promise<void> {
  await run('docker', ['compose', '--file', COMPOSE, ...args], { seconds: UP_SECONDS });
}

async function untilHealthy(): Promise<void> {
  const deadline = performance.now() + HEALTHY_SECONDS * 1000;
  while (!(await isHealthy(URL))) {
    if (performance.now() > deadline) {
      throw new Error(`LocalStack at ${URL} is not healthy after ${HEALTHY_SECONDS} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  console.log(`LocalStack is ready at ${URL}`);
}

/** @returns the exit code of the local stack */
function startOnTop(flags: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCH, ...flags], {
      stdio: 'inherit',
      env: { ...process.env, AWS_ENDPOINT_URL: URL },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => child.kill(signal));
    }
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
