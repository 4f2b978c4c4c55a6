import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../local/ports.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { Server } from '../verify/command.ts';
import { pythonEnvironment } from '../verify/python-environment.ts';

const RUN = fileURLToPath(new URL('./run_localstack.py', import.meta.url));

/** The package asks for 3.10, but its code needs 3.13: older ones say "cannot import name 'deprecated' from 'warnings'". */
const PYTHON_MINOR = 13;

const SERVICES = 'sqs,sns,s3,cloudwatch';

/** LocalStack 4.14.0 as a process of this machine: SQS, SNS, S3 and CloudWatch, in memory. */
export class LocalStackHost {
  readonly url: string;
  /** The Python that LocalStack runs on; it also has boto3. */
  readonly python: string;
  readonly #server: Server;
  readonly #folder: string;

  private constructor(server: Server, url: string, python: string, folder: string) {
    this.#server = server;
    this.url = url;
    this.python = python;
    this.#folder = folder;
  }

  static async start(): Promise<LocalStackHost> {
    const { python } = await pythonEnvironment(
      'localstack',
      'infra/localstack/requirements.txt',
      PYTHON_MINOR,
    );
    const folder = makeTemporaryFolder('localstack');
    const address = `127.0.0.1:${await freePort()}`;
    const server = new Server('LocalStack', python, [RUN], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        FILESYSTEM_ROOT: folder,
        SERVICES,
        STRICT_SERVICE_LOADING: '1',
        GATEWAY_LISTEN: address,
        // The other server, twisted, listens on every address, whatever GATEWAY_LISTEN says.
        GATEWAY_SERVER: 'hypercorn',
        // Queues' URLs then look like http://ADDRESS/queue/REGION/ACCOUNT/NAME.
        LOCALSTACK_HOST: address,
        SQS_ENDPOINT_STRATEGY: 'path',
        // Queues are measured every two seconds, not every minute.
        SQS_CLOUDWATCH_METRICS_REPORT_INTERVAL: '2',
        // Downloads nothing, reports nothing, starts no name server.
        SKIP_SSL_CERT_DOWNLOAD: '1',
        DISABLE_EVENTS: '1',
        DNS_ADDRESS: '0',
      },
    });
    const url = `http://${address}`;
    await server.until(60, async () => ((await isHealthy(url)) ? true : undefined));
    return new LocalStackHost(server, url, python, folder);
  }

  get log(): string {
    return this.#server.log;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Whether LocalStack responds and has every service that Baton uses. */
export async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_localstack/health`, {
      signal: AbortSignal.timeout(2000),
    });
    const { services } = (await response.json()) as { services: Record<string, string> };
    return SERVICES.split(',').every((name) =>
      ['available', 'running'].includes(String(services[name])),
    );
  } catch {
    return false;
  }
}
