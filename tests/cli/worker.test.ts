import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { taskRecord } from '../sdk/fake-runtime.ts';
import { runBaton } from './run-baton.ts';

const BATON = fileURLToPath(new URL('../../src/cli/baton.js', import.meta.url));
const HANDLER = fileURLToPath(new URL('../../examples/container/handler.ts', import.meta.url));
const MINUTES_MS = 120_000;

/** As much of SQS as a worker calls: it has messages to give, and keeps what it is told. */
class FakeQueues {
  readonly calls: { readonly operation: string; readonly input: Record<string, unknown> }[] = [];
  readonly messages: object[] = [];
  readonly #server: Server;
  #told: () => void = () => undefined;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const input = (await json(request)) as Record<string, unknown>;
      const Messages = operation === 'ReceiveMessage' ? this.messages.splice(0, 1) : [];
      // A poll of an empty queue takes its time.
      if (operation === 'ReceiveMessage' && Messages.length === 0) return;
      const MD5OfMessageBody = createHash('md5').update(String(input.MessageBody)).digest('hex');
      response.end(JSON.stringify({ Messages, MD5OfMessageBody }));
      this.calls.push({ operation, input });
      this.#told();
    });
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits for a call of the operation whose input holds the text. */
  async called(operation: string, words = ''): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.calls.find(
        (call) => call.operation === operation && JSON.stringify(call.input).includes(words),
      );
      if (found !== undefined) return found.input;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#told = resolve;
      await promise;
    }
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

let queues: FakeQueues;
beforeAll(async () => {
  queues = await new FakeQueues().start();
});
afterAll(() => queues.stop());

const settings = (differing: object = {}) => ({
  BATON_WORKER: JSON.stringify({
    BATON_PLUGIN: 'render',
    BATON_PLUGIN_KEY: 'key',
    BATON_ORCHESTRATOR_QUEUE_URL: `${queues.url}/1/orchestrator`,
    BATON_QUEUE_URL: `${queues.url}/1/render`,
    BATON_API_URL: queues.url,
    BATON_BUCKET_NAME: 'objects',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_SQS: queues.url,
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ...differing,
  }),
});

describe('baton worker', () => {
  it(
    'performs a task from the queue, puts another off when it is told to stop, and ends with 0',
    async () => {
      const film = (n: number, msPerFrame: number) => {
        const input = { frames: 3, msPerFrame };
        const { body } = taskRecord(n, input, { plugin: 'render' });
        const Attributes = { ApproximateReceiveCount: '1' };
        return { MessageId: `m${n}`, ReceiptHandle: `r${n}`, Body: body, Attributes };
      };
      queues.messages.push(film(1, 0), film(2, 1_000_000));
      const { NODE_OPTIONS: _, ...env } = process.env;
      const args = ['worker', HANDLER, '--concurrency', '2', '--grace', '0'];
      const child = spawn(process.execPath, [BATON, ...args], { env: { ...env, ...settings() } });
      let log = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });

      const answer = await queues.called('SendMessage', 'TaskCompleted');
      expect(answer).toMatchObject({ QueueUrl: `${queues.url}/1/orchestrator` });
      expect(JSON.parse(String(answer.MessageBody))).toMatchObject({
        answers: [{ type: 'TaskCompleted', result: { frames: 3 } }],
      });
      await queues.called('DeleteMessage', 'r1');
      await queues.called('SendMessage', 'WorkerSeen');
      const received = queues.calls.filter(({ operation }) => operation === 'ReceiveMessage');
      expect(received[0]?.input).toMatchObject({ VisibilityTimeout: 60, WaitTimeSeconds: 20 });

      while (log.split('"rendering"').length < 3) await once(child.stdout, 'data');
      child.kill('SIGTERM');
      const [exitCode] = await once(child, 'close');
      expect(exitCode).toBe(0);
      const lines = log
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.map(({ message }) => message)).toEqual(
        expect.arrayContaining(['worker started', 'rendering', 'worker stops', 'worker stopped']),
      );
      const inputsOf = (operation: string) =>
        queues.calls.filter((call) => call.operation === operation).map(({ input }) => input);
      expect(inputsOf('DeleteMessage')).toHaveLength(1);
      expect(inputsOf('ChangeMessageVisibility')).toMatchObject([
        { ReceiptHandle: 'r2', VisibilityTimeout: 1 },
      ]);
      expect(JSON.parse(String(inputsOf('SendMessage').at(-1)?.MessageBody))).toMatchObject({
        type: 'WorkerSeen',
        report: { plugin: 'render', concurrency: 2, busy: 0, ended: true },
      });
    },
    MINUTES_MS,
  );

  it.each([
    ['no settings', [HANDLER], {}, 'BATON_PLUGIN_KEY'],
    ['no such export', [HANDLER, '--export', 'paint'], settings, 'no plugin called paint'],
    ['no such file', ['nowhere.ts'], settings, 'nowhere.ts cannot be loaded'],
    [
      'a block that differs',
      [HANDLER],
      () => settings({ BATON_COMPENSATES: 'true' }),
      'compensates',
    ],
    ['a concurrency of none', [HANDLER, '--concurrency', '0'], settings, 'at least 1'],
    ['an endless grace', [HANDLER, '--grace', '1000000'], settings, 'at most 86400'],
  ])(
    'does not begin with %s: it says so, and ends with 2',
    async (_, args, env, words) => {
      const given = typeof env === 'function' ? env() : env;
      const { exitCode, stderr } = await runBaton(['worker', ...args], { env: given });
      expect(stderr).toContain(words);
      expect(exitCode).toBe(2);
    },
    MINUTES_MS,
  );
});
