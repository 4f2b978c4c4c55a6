import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { Server } from './command.ts';

const SERVER = fileURLToPath(new URL('./moto/server.py', import.meta.url));

const LAST_LINES = 40;

/** moto's server with the mends of moto/server.py, on a free port of 127.0.0.1. */
export class Moto {
  readonly url: string;
  readonly #server: Server;
  readonly #folder: string;

  private constructor(server: Server, url: string, folder: string) {
    this.#server = server;
    this.url = url;
    this.#folder = folder;
  }

  static async start(python: string): Promise<Moto> {
    const folder = makeTemporaryFolder('moto');
    const args = [SERVER, '--node', process.execPath, '--folder', folder];
    // AWS_ENDPOINT_URL and the like would mislead the server.
    const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' };
    const server = new Server('moto', python, args, { cwd: folder, env });
    const url = await server.until(240, async () => /^ready (\S+)/m.exec(server.log)?.[1]);
    return new Moto(server, url, folder);
  }

  /** Environment variables that lead the SDK to this server. */
  get environment(): NodeJS.ProcessEnv {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: 'deployer',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_REGION: 'us-east-1',
    };
  }

  get log(): string {
    return this.#server.log;
  }

  /** The end of the log, without the calls that were allowed. */
  get lastWords(): string {
    const lines = this.#server.log.trimEnd().split('\n');
    return lines
      .filter((line) => !line.startsWith('CALLED '))
      .slice(-LAST_LINES)
      .join('\n');
  }

  /** Resource types in the templates that moto's CloudFormation skipped. */
  get unsupportedTypes(): string[] {
    const matches = this.log.matchAll(/No Moto CloudFormation support for (\S+)/g);
    return [...new Set([...matches].map(([, type]) => String(type)))].sort();
  }

  /** Calls that functions made: `baton-dev-ingest: sqs:SendMessage on arn:...`. */
  get calls(): string[] {
    return [...this.log.matchAll(/^CALLED (.*)$/gm)].map(([, call]) => String(call));
  }

  /** Calls of functions that their role does not allow. */
  get refusals(): string[] {
    return [...this.log.matchAll(/^REFUSED (.*)$/gm)].map(([, call]) => String(call));
  }

  /** Invokes a function and waits for its result. @throws if it fails */
  async invoke(functionName: string, event: unknown): Promise<unknown> {
    const path = `/2015-03-31/functions/${functionName}/invocations`;
    const response = await this.#post('lambda', path, JSON.stringify(event));
    const text = await response.text();
    if (!response.ok || response.headers.has('x-amz-function-error')) {
      throw new Error(`${functionName} failed: ${text}`);
    }
    return JSON.parse(text);
  }

  async publish(topicArn: string, message: unknown): Promise<void> {
    await this.#query('sns', {
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: topicArn,
      Message: JSON.stringify(message),
    });
  }

  /** Tells CloudWatch how many instances of a function worked two minutes ago; it does not show newer values yet. */
  async measureInstances(functionName: string, instances: number): Promise<void> {
    await this.#query('monitoring', {
      Action: 'PutMetricData',
      Version: '2010-08-01',
      Namespace: 'AWS/Lambda',
      'MetricData.member.1.MetricName': 'ConcurrentExecutions',
      'MetricData.member.1.Dimensions.member.1.Name': 'FunctionName',
      'MetricData.member.1.Dimensions.member.1.Value': functionName,
      'MetricData.member.1.Value': String(instances),
      'MetricData.member.1.Timestamp': new Date(Date.now() - 120_000).toISOString(),
    });
  }

  async #query(service: string, parameters: Readonly<Record<string, string>>): Promise<void> {
    const response = await this.#post(service, '/', new URLSearchParams(parameters));
    if (!response.ok) throw new Error(`${parameters.Action} failed: ${await response.text()}`);
  }

  #post(service: string, path: string, body: string | URLSearchParams): Promise<Response> {
    // moto tells services apart by the signature's scope.
    const scope = `deployer/20260101/us-east-1/${service}/aws4_request`;
    const Authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { Authorization },
      body,
      signal: AbortSignal.timeout(240_000),
    });
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
