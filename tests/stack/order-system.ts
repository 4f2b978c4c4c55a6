import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ApiRequest, openConnection } from '../../src/client/connection.ts';
import type { Json } from '../../src/core/json.ts';
import { type RunningStack, startProcess } from '../local/running-stack.ts';
import { until } from '../local/until.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const ARITHMETIC = join(REPOSITORY, 'plugins/arithmetic');
const ROUGH = fileURLToPath(new URL('./fixture/rough', import.meta.url));
const ENDED = ['completed', 'failed', 'cancelled'];
/** A task that gets lost on an overloaded machine comes again after a minute: this is longer. */
const END_WITHIN_MS = 300_000;

export interface SeenOrder {
  readonly orderId: string;
  readonly status: string;
  readonly acceptedAt: string;
  readonly endedAt?: string;
  readonly result?: Json;
  readonly error?: { readonly code: string; readonly plugin?: string };
  readonly jobs: Readonly<Record<string, { readonly result?: Json }>>;
  readonly tasks: readonly { readonly job: string; readonly attempts: readonly unknown[] }[];
}

/** The real core with plugin services that the test chooses, as a process that can be killed and started again. */
export class OrderSystem {
  readonly plugins: string;
  /** Holds all of it. */
  readonly folder: string;
  /** Where plugins and the test leave marks for each other. */
  readonly marks: string;
  readonly #name: string;
  #stack: RunningStack | undefined;

  /** The folder lies within the repository, so that services in it find `batonflow`. */
  constructor(name: string) {
    mkdirSync(join(REPOSITORY, '.baton'), { recursive: true });
    this.#name = name;
    this.folder = mkdtempSync(join(REPOSITORY, '.baton', 'test-'));
    this.marks = join(this.folder, 'marks');
    this.plugins = join(this.folder, 'plugins');
    for (const folder of [this.marks, this.plugins]) mkdirSync(folder);
  }

  addArithmetic(): void {
    this.addService(ARITHMETIC);
  }

  /** Plugins that hold, throw and exit: see `fixture/rough`. */
  addRough(): void {
    this.addService(ROUGH);
  }

  /** A copy of the service, which learns where the marks are from its environment: `MARKS`. */
  addService(folder: string): void {
    cpSync(folder, join(this.plugins, basename(folder)), { recursive: true });
  }

  async start(withinMs?: number): Promise<void> {
    const paths = {
      ...{ folder: this.folder, core: REPOSITORY, plugins: this.plugins },
      data: join(this.folder, 'data'),
      remove: () => undefined,
    };
    // Instances stay alive: otherwise these tests would mostly wait for cold starts.
    const flags = ['--param', `system-name=${this.#name}`, '--idle-seconds', '60'];
    this.#stack = startProcess(paths, flags, { MARKS: this.marks });
    await this.#stack.ready(withinMs);
  }

  get stack(): RunningStack {
    if (this.#stack === undefined) throw new Error('the system has not been started');
    return this.#stack;
  }

  kill(): Promise<number | null> {
    return this.stack.signal('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.#stack?.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Lets the plugin `gate` release its orders. */
  openGate(): void {
    writeFileSync(join(this.marks, 'open'), '');
  }

  /**
   * Calls the API as a client does that reads its documentation: what a busy system refuses for the moment is asked again.
   * @returns the body of a 2xx response @throws with the problem otherwise, and with what the log says of it
   */
  async call<Body>(method: ApiRequest['method'], path: string, body?: unknown): Promise<Body> {
    const { apiUrl: url } = this.stack.running();
    const request = {
      ...{ method, path, repeatable: true, mediaType: 'application/json' },
      ...(method === 'POST' && { idempotencyKey: randomUUID() }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const connection = openConnection({ url, tries: 5, retriesUnreachable: false });
    const response = await connection.request<Body>(request).catch((error: Error) => {
      throw new Error(`${method} ${path}: ${error.message}\n${this.#loggedOf(error.message)}`);
    });
    return response.body;
  }

  /** The lines of the functions' log on the request that a problem names. */
  #loggedOf(problem: string): string {
    const requestId = /under request (\S+)/.exec(problem)?.[1];
    if (requestId === undefined) return '';
    const log = readFileSync(join(this.folder, 'data/logs/functions.log'), 'utf8');
    return log
      .split('\n')
      .filter((line) => line.includes(requestId))
      .join('\n');
  }

  order(orderId: string): Promise<SeenOrder> {
    return this.call('GET', `/orders/${orderId}`);
  }

  /** Waits until all these orders have ended. @throws with those that have not, if it takes too long */
  async ended(orderIds: readonly string[]): Promise<SeenOrder[]> {
    const open = new Set(orderIds);
    const seen = new Map<string, SeenOrder>();
    await until(
      `${orderIds.length} orders of ${this.#name} end`,
      async () => {
        // One after another: to ask for all of them at once, again and again, would be most of the load.
        for (const orderId of open) {
          const order = await this.order(orderId);
          seen.set(orderId, order);
          if (!ENDED.includes(order.status)) return false;
          open.delete(orderId);
        }
        return true;
      },
      END_WITHIN_MS,
    ).catch((error: Error) => {
      const first = JSON.stringify(seen.get([...open][0] ?? ''));
      const said = this.stack.output();
      throw new Error(`${error.message}; ${open.size} are open, such as ${first}:\n${said}`);
    });
    return orderIds.map((orderId) => seen.get(orderId) as SeenOrder);
  }
}
