import { logger } from '../../src/app/logger.ts';
import { makeRegister } from '../../src/app/registration/answer-stacks.ts';
import { finishDrains } from '../../src/app/registration/drain-plugins.ts';
import { createBoundedPlugins } from '../../src/aws/bounded-plugins.ts';
import { createDrains } from '../../src/aws/drains.ts';
import { createInputSchemas } from '../../src/aws/input-schemas.ts';
import { createQuarantines } from '../../src/aws/quarantines.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import { START } from './instants.ts';
import { MemoryTable } from './memory-table.ts';
import { MASTER_SECRET } from './plugins.ts';
import type { Ground } from './processes.ts';
import { Process } from './processes.ts';
import { chanceFrom, seedFor } from './seed.ts';
import { tableFromOutside } from './system.ts';
import { tableOf } from './table-of-process.ts';
import { Trace } from './trace.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';

/** What CloudFormation asks, in the words of its requests. */
interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly StackId: string;
  readonly ResourceType: 'Custom::BatonPlugin' | 'Custom::BatonDrain';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: object;
}

export interface RegistrationWeather {
  readonly weather: Weather;
  /** A copy of a request may come when its stack has long gone on to the next one, or to its next life. */
  readonly lateCopies: boolean;
}

const PLUGIN = 'resize';
const DRAIN = { Plugin: PLUGIN, Registration: 'Custom::BatonPlugin' };
const QUEUE = `baton-test-plugin-${PLUGIN}`;
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:baton-test-registrations';
const STACK = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/photos';
const REGISTER_TIMEOUT_MS = 30_000;
/** ServiceTimeout in infra/plugin-resources/registration.ts; a drain gets longer. */
const PATIENCE_MS = 20 * 60_000;
/** An asynchronous invocation that fails is tried twice more. @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRIES_AFTER_MS = [60_000, 120_000];

/**
 * A plugin's stack is created, updated, deleted and created again, while its requests are delivered twice and out of order.
 * @returns what the registry says at the end, and what it should say: the time-out of the plugin's last definition, or nothing.
 */
export async function runRegistrations(
  seed: number,
  { weather, lateCopies }: RegistrationWeather,
  tell?: (line: string) => void,
): Promise<{ readonly registered: number | undefined; readonly expected: number | undefined }> {
  logger.setLogLevel('SILENT');
  const clock = new VirtualClock(START);
  const chance = chanceFrom(seedFor(seed, 'registrations'));
  const trace = new Trace(START, tell);
  const ground: Ground = {
    clock,
    chance,
    weather,
    trace,
    isOut: () => false,
    places: { passed: 0, of: new Set() },
  };
  const table = new MemoryTable(clock, chance, weather.stale, () => undefined);
  const waiting = new Map<string, (status: string) => void>();
  let underWay = 0;
  let invocations = 0;
  let requests = 0;

  const { fetch } = globalThis;
  globalThis.fetch = (async (_url: string, { body }: { body: string }) => {
    const { RequestId, Status } = JSON.parse(body) as { RequestId: string; Status: string };
    waiting.get(RequestId)?.(Status);
    return { ok: true };
  }) as unknown as typeof fetch;

  const portsOf = (process: Process) => {
    const seen = tableOf(process, table);
    return {
      registry: createRegistry(seen, process.now),
      inputSchemas: createInputSchemas(seen),
      workflows: createWorkflows(seen, process.now),
      drains: createDrains(seen),
      quarantines: createQuarantines(seen),
      boundedPlugins: createBoundedPlugins(seen),
      queueGauges: { read: async () => new Map() },
      masterSecret: { read: async () => ({ current: MASTER_SECRET }) },
      lifecycle: { publish: async () => undefined },
      localOrigins: ['https://answers.test'],
      clock: process.now,
      pause: process.pause,
    };
  };

  const invoke = (request: Request, sentAt: number, retries = RETRIES_AFTER_MS): void => {
    invocations += 1;
    underWay += 1;
    const process = new Process(`register.${invocations}`, ground);
    trace.add(clock.now(), process.name, `${request.RequestType} ${request.RequestId}`);
    const Timestamp = new Date(sentAt).toISOString();
    const Sns = { TopicArn: TOPIC, MessageId: request.RequestId, Timestamp };
    const event = { Records: [{ Sns: { ...Sns, Message: JSON.stringify(request) } }] };
    let isOver = false;
    const end = (isDone: boolean) => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
      off();
      const [pauseMs, ...rest] = retries;
      if (!isDone && pauseMs !== undefined) later(pauseMs, () => invoke(request, sentAt, rest));
    };
    process.whenKilled(() => end(false));
    const off = clock.at(clock.now() + REGISTER_TIMEOUT_MS, () => process.kill('out of time'));
    makeRegister(portsOf(process))(event as never, {} as never).then(
      () => end(true),
      () => end(false),
    );
  };

  function later(ms: number, run: () => void): void {
    underWay += 1;
    clock.at(clock.now() + ms, () => {
      underWay -= 1;
      run();
    });
  }

  /** Whoever deploys tries again until it succeeds. */
  const ask = async (request: Omit<Request, 'RequestId'>): Promise<void> => {
    while (!(await askOnce(request)));
  };

  /** @returns whether there was an answer in time, and a good one. */
  const askOnce = (request: Omit<Request, 'RequestId'>): Promise<boolean> =>
    new Promise((resolve) => {
      requests += 1;
      const RequestId = `request-${requests}`;
      const whole = {
        ...{ ResponseURL: 'https://answers.test/', LogicalResourceId: request.ResourceType },
        ...{ ...request, RequestId },
      };
      const off = clock.at(clock.now() + PATIENCE_MS, () => resolve(false));
      waiting.set(RequestId, (status) => {
        waiting.delete(RequestId);
        off();
        // CloudFormation goes on a moment later; by then, copies that are not late have come.
        clock.at(clock.now() + 3000, () => resolve(status === 'SUCCESS'));
      });
      const sentAt = clock.now();
      later(chance.between(10, 800), () => invoke(whole, sentAt));
      while (chance.happens(weather.doubles * 4)) {
        later(lateCopies && chance.happens(0.7) ? chance.below(900_000) : chance.below(900), () =>
          invoke(whole, sentAt),
        );
      }
    });

  let expected: number | undefined;
  const plugin = (timeoutSeconds: number) => ({
    Definition: JSON.stringify({ name: PLUGIN, timeoutSeconds }),
    QueueUrl: `https://sqs.eu-central-1.amazonaws.com/123456789012/${QUEUE}`,
    QueueArn: `arn:aws:sqs:eu-central-1:123456789012:${QUEUE}`,
  });
  const live = async (life: number, isLast: boolean) => {
    const StackId = `${STACK}/${life}1af3dc0-da77-11e4-872e-1234567db123`;
    const of = { StackId, ResourceType: 'Custom::BatonPlugin' } as const;
    const drain = { StackId, ResourceType: 'Custom::BatonDrain' } as const;
    const physical = { PhysicalResourceId: `plugin/${PLUGIN}` };
    let version = life * 100 + 60;
    await ask({ ...of, RequestType: 'Create', ResourceProperties: plugin(version) });
    await ask({
      ...drain,
      RequestType: 'Create',
      ResourceProperties: DRAIN,
    });
    for (let update = chance.below(3); update > 0; update -= 1) {
      version += 1;
      const ResourceProperties = plugin(version);
      await ask({ ...of, ...physical, RequestType: 'Update', ResourceProperties });
    }
    expected = version;
    if (isLast && chance.happens(0.6)) return;
    const drained = { PhysicalResourceId: `drain/${PLUGIN}` };
    await ask({ ...drain, ...drained, RequestType: 'Delete', ResourceProperties: DRAIN });
    await ask({ ...of, ...physical, RequestType: 'Delete', ResourceProperties: plugin(version) });
    expected = undefined;
  };

  const sweep = () => {
    const process = new Process('sweep', ground);
    finishDrains(portsOf(process)).catch(() => undefined);
    clock.at(clock.now() + 60_000, sweep);
  };
  sweep();
  const lives = chance.between(1, 3);
  let isDone = false;
  clock.at(clock.now() + 1, () => {
    void (async () => {
      for (let life = 1; life <= lives; life += 1) await live(life, life === lives);
      isDone = true;
    })();
  });
  try {
    while (!isDone || underWay > 0) await clock.step();
  } finally {
    globalThis.fetch = fetch;
  }
  const outside = createRegistry(
    tableFromOutside(table, () => clock.now()),
    () => clock.now(),
  );
  const known = (await outside.plugins({ fresh: true })).get(PLUGIN);
  return { registered: known?.timeoutSeconds, expected };
}
