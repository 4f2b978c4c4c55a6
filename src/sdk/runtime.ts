import type { Payloads } from '../contract/payloads.ts';
import { createPayloads } from '../contract/payloads.ts';
import { isFifo } from '../contract/plugin-queues.ts';
import { defined } from '../core/defined.ts';
import { askStanding, type Standing } from './ask-standing.ts';
import { compensationFault } from './compensation.ts';
import { EndedAttempts } from './ended-attempts.ts';
import { readEnvironment } from './environment.ts';
import type { LogFields } from './log.ts';
import { writeLine } from './log.ts';
import { connectObjects } from './object-calls.ts';
import type { Stopping } from './out-of-time.ts';
import type { PluginWork } from './perform-task.ts';
import { connectQueues } from './queue-calls.ts';
import type { QueueRecord } from './queue-record.ts';

/** The time, and calls in the future. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, in so many milliseconds; the function that comes back calls it off. */
  after(ms: number, call: () => void): () => void;
}

/** What a plugin stands on: who it is, where its answers go, its own queue, the time, and the log. */
export interface Runtime {
  readonly plugin: string;
  readonly key: string;
  /** Which instance of its function it is: the first eight characters of the end of its log stream's name; or the worker's id. */
  readonly instance?: string;
  /** How its process ends early, if it can. Lambda never stops one in the middle of a task. */
  readonly stopping?: Stopping;
  /** Hands one message to the orchestrator. */
  readonly send: (body: string) => Promise<void>;
  /** Takes a record out of the plugin's queue before the batch ends. */
  readonly deleteRecord: (record: QueueRecord) => Promise<void>;
  /** Makes a record visible again in so many seconds (0 to 43 200), instead of at the end of the queue's visibility timeout. */
  readonly delayRecord: (record: QueueRecord, seconds: number) => Promise<void>;
  /** How the core says that the attempt of this token stands. Rejects if there is no answer within two seconds. */
  readonly standingOf: (token: string) => Promise<Standing>;
  /** Its queue keeps an order: the tasks of a line are performed one after another. */
  readonly ordered: boolean;
  /** What has ended here; only an ordered plugin goes by it. */
  readonly endedAttempts: EndedAttempts;
  /** What is too large for messages. */
  readonly payloads: Payloads;
  /** The bucket itself, for files. */
  readonly files: {
    readonly bucket: string;
    put(key: string, body: Uint8Array, contentType: string): Promise<void>;
    get(key: string): Promise<Buffer | undefined>;
  };
  readonly clock: Clock;
  readonly log: (line: LogFields) => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The runtime of a deployed plugin.
 * @param variables where the plugin's settings, region, credentials and endpoints stand; the latter are read at the time of each call
 * @throws {Error} that names every environment variable that is missing; or says that block and function differ in whether they compensate
 */
export function connect(
  { compensate }: Pick<PluginWork<never, never>, 'compensate'>,
  variables: NodeJS.ProcessEnv = process.env,
): Runtime {
  const { compensates, ...environment } = readEnvironment(variables);
  const { plugin, key, instance, orchestratorQueueUrl, queueUrl, apiUrl, bucket } = environment;
  const fault = compensationFault(compensates, compensate !== undefined);
  if (fault !== undefined) throw new Error(`plugin ${plugin}: ${fault}`);
  const queues = connectQueues(variables);
  const objects = connectObjects(variables);
  const files = {
    bucket,
    put: (objectKey: string, body: Uint8Array, contentType: string) =>
      objects.put(bucket, objectKey, body, contentType),
    get: (objectKey: string, maxBytes?: number) => objects.get(bucket, objectKey, maxBytes),
  };
  return {
    plugin,
    key,
    ...defined({ instance }),
    clock: systemClock,
    log: (line) => writeLine(line),
    send: (body) => queues.send(orchestratorQueueUrl, body),
    deleteRecord: ({ receiptHandle }) => queues.remove(queueUrl, receiptHandle),
    delayRecord: ({ receiptHandle }, seconds) => queues.delay(queueUrl, receiptHandle, seconds),
    standingOf: (token) => askStanding(apiUrl, token),
    ordered: isFifo(queueUrl),
    endedAttempts: new EndedAttempts(),
    payloads: createPayloads(files),
    files,
  };
}
