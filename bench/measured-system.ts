import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Stack } from '../examples/demo/stack.ts';
import type { QueueSample } from '../infra/local/embedded/queue-sample.ts';
import { QUEUE_SAMPLES_PATH } from '../infra/local/embedded/queue-sample.ts';
import { type EmbeddedProcess, spawnEmbeddedAws } from '../infra/local/embedded/spawn.ts';
import { type CountingProxy, startCountingProxy } from './meter/counting-proxy.ts';
import { minus, NOTHING, sum, type Usage } from './meter/usage.ts';
import { writeServices } from './plugin-services.ts';
import { descendant, processorMs } from './processor-time.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** The services' folders lie within it, so that they find `batonflow`. */
const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));

const SYSTEM = 'bench';

/** Run by the clock, whatever the orders do: not part of a task's price. */
const BY_THE_CLOCK = ['sweep', 'observe'].map((name) => `${SYSTEM}-local-${name}`);

/** Seldom enough to take no time from what is measured. */
const LOOK_EVERY_MS = 50;

/** Between the last message's deletion and the moment that it is seen, another may have been sent: two looks in a row find nothing. */
const QUIET_LOOKS = 2;

interface Mapping {
  readonly UUID: string;
}

export interface SystemOptions {
  /** Plugins `p1` to `p<plugins>`. Default 10. */
  readonly plugins?: number;
  /** By plugin: what its block says besides. */
  readonly blocks?: Readonly<Record<string, object>>;
  /** Parameters of the core, such as `lifecycle`. */
  readonly params?: Readonly<Record<string, string>>;
  /** Whether a counting proxy stands between the functions and AWS; it takes time. Default true. */
  readonly counting?: boolean;
}

export interface MeasuredSystem {
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  /** Runs the work until all queues are empty, and says what AWS would have billed for it. */
  measure(work: () => Promise<void>): Promise<Usage>;
  /** By function. */
  usage(): ReadonlyMap<string, Usage>;
  calls(): ReadonlyMap<string, number>;
  /** Milliseconds of processor time so far; undefined where the machine does not say. */
  processorMs(): { readonly functions: number; readonly services: number } | undefined;
  /** Runs a function of the core by its key, as `aws lambda invoke` does. */
  invoke(key: string): Promise<void>;
  /** Switches the event source mappings of a function of the core on or off, by its key: what comes for it waits meanwhile. */
  enable(key: string, isEnabled: boolean): Promise<void>;
  /** How many messages wait in all queues, are in flight or are delayed. */
  waiting(): Promise<number>;
  /** Resolves when no message waits, is in flight or is delayed. Asks the queues' emulator, and nothing of Baton. */
  quiet(withinMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** The local stack with the bench's plugins; embedded AWS, a proxy that counts, and then the functions. */
export async function startMeasuredSystem(options: SystemOptions = {}): Promise<MeasuredSystem> {
  const { plugins = 10, blocks = {}, params = {}, counting = true } = options;
  mkdirSync(join(REPOSITORY, '.baton'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, '.baton', 'bench-'));
  const started: { stop: () => Promise<void> }[] = [];
  const stop = async () => {
    forgetSignals();
    for (const one of started.splice(0).reverse()) await one.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const forgetSignals = stopOnSignal(stop);
  try {
    const services = writeServices(join(folder, 'plugins'), plugins, blocks);
    const embedded = await embed(mkdtempSync(join(folder, 'aws-')));
    started.push(embedded);
    const proxy = counting ? await startCountingProxy(embedded) : undefined;
    if (proxy) started.push(proxy);
    const { awsEndpoint, dynamodbEndpoint } = proxy ?? embedded;
    const given = { 'system-name': SYSTEM, ...params };
    const stack = new Stack(
      [
        ...['--plugins', services],
        ...Object.entries(given).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
      ],
      {
        AWS_ENDPOINT_URL_SQS: awsEndpoint,
        AWS_ENDPOINT_URL_SNS: awsEndpoint,
        AWS_ENDPOINT_URL_S3: awsEndpoint,
        AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint,
      },
    );
    started.push(stack);
    const apiUrl = await stack.ready();
    const quiet = (withinMs?: number) => queuesAreEmpty(embedded.awsEndpoint, withinMs);
    const control = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
      const response = await fetch(`${stack.controlUrl}/2015-03-31${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      return (await response.json()) as Body;
    };
    await quiet();
    return {
      ...{ apiUrl, awsEndpoint: embedded.awsEndpoint, quiet, stop },
      measure: async (work) => {
        const before = ofWork(proxy);
        await work();
        await quiet();
        return minus(ofWork(proxy), before);
      },
      usage: () => proxy?.usage() ?? new Map(),
      calls: () => proxy?.calls() ?? new Map(),
      processorMs: () => timesOf(stack.pid),
      enable: async (key, Enabled) => {
        const path = `/event-source-mappings`;
        const { EventSourceMappings: found } = await control<{ EventSourceMappings: Mapping[] }>(
          ...(['GET', `${path}/?FunctionName=${SYSTEM}-local-${key}`] as const),
        );
        if (found.length === 0) throw new Error(`${key} has no event source mapping`);
        for (const { UUID } of found) await control('PUT', `${path}/${UUID}`, { Enabled });
      },
      waiting: async () => {
        const busy = await messagesIn(embedded.awsEndpoint);
        return busy.reduce((sum, [, messages]) => sum + messages, 0);
      },
      invoke: async (key) => {
        const path = `/functions/${SYSTEM}-local-${key}/invocations`;
        const answer = await control<{ errorMessage?: string } | null>('POST', path, {});
        const { errorMessage } = answer ?? {};
        if (errorMessage !== undefined) throw new Error(`${key}: ${errorMessage}`);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function embed(folder: string) {
  const options = { folder, region: 'us-east-1', awsPort: 0, dynamodbPort: 0 };
  const embedded: EmbeddedProcess = await spawnEmbeddedAws(options);
  const { awsEndpoint, dynamodbEndpoint } = embedded;
  if (!awsEndpoint || !dynamodbEndpoint) throw new Error('the embedded services have no address');
  return { ...embedded, awsEndpoint, dynamodbEndpoint };
}

function timesOf(stackPid: number | undefined) {
  const servicesPid = descendant(process.pid, 'embedded/process.ts');
  if (stackPid === undefined || servicesPid === undefined) return undefined;
  const [functions, services] = [processorMs(stackPid), processorMs(servicesPid)];
  return functions === undefined || services === undefined ? undefined : { functions, services };
}

function ofWork(proxy: CountingProxy | undefined): Usage {
  if (proxy === undefined) return NOTHING;
  const usages = [...proxy.usage()].filter(([caller]) => !BY_THE_CLOCK.includes(caller));
  return sum(usages.map(([, usage]) => usage));
}

async function queuesAreEmpty(awsEndpoint: string, withinMs = 300_000): Promise<void> {
  const until = performance.now() + withinMs;
  let quietLooks = 0;
  for (;;) {
    const busy = await messagesIn(awsEndpoint);
    quietLooks = busy.length === 0 ? quietLooks + 1 : 0;
    if (quietLooks === QUIET_LOOKS) return;
    if (performance.now() > until) {
      throw new Error(`these queues do not become empty: ${busy.map(([name]) => name).join(', ')}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** The queues that hold messages, and how many. */
async function messagesIn(awsEndpoint: string): Promise<readonly (readonly [string, number])[]> {
  const response = await fetch(awsEndpoint + QUEUE_SAMPLES_PATH);
  const queues = Object.entries((await response.json()) as Record<string, QueueSample>);
  return queues
    .map(([name, { visible, inFlight, delayed }]) => [name, visible + inFlight + delayed] as const)
    .filter(([, messages]) => messages > 0);
}
