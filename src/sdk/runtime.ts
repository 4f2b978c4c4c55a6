import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { askWhetherOpen } from './ask-whether-open.ts';
import { readEnvironment } from './environment.ts';
import type { LogFields } from './log.ts';
import { writeLine } from './log.ts';
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
  /** Hands one message to the orchestrator. */
  readonly send: (body: string) => Promise<void>;
  /** Takes a record out of the plugin's queue before the batch ends. */
  readonly deleteRecord: (record: QueueRecord) => Promise<void>;
  /** Makes a record visible again in so many seconds (0 to 43 200), instead of at the end of the queue's visibility timeout. */
  readonly delayRecord: (record: QueueRecord, seconds: number) => Promise<void>;
  /** Whether the core still awaits the attempt of this token. Rejects if there is no answer within two seconds. */
  readonly isOpen: (token: string) => Promise<boolean>;
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
 * The client by itself would wait for an answer without end, and the batch with it. Milliseconds for each of its three tries:
 * all of them fit into a short function's ten seconds.
 */
const PATIENCE = { connectionTimeout: 1000, requestTimeout: 2500, throwOnRequestTimeout: true };

/** The runtime of a deployed plugin. @throws {Error} that names every environment variable that is missing. */
export function connect(): Runtime {
  const { plugin, key, orchestratorQueueUrl, queueUrl, apiUrl } = readEnvironment();
  const sqs = new SQSClient({ requestHandler: PATIENCE });
  return {
    plugin,
    key,
    clock: systemClock,
    log: writeLine,
    send: async (body) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: orchestratorQueueUrl, MessageBody: body }));
    },
    deleteRecord: async ({ receiptHandle }) => {
      await sqs.send(
        new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }),
      );
    },
    delayRecord: async ({ receiptHandle }, seconds) => {
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
    isOpen: (token) => askWhetherOpen(apiUrl, token),
  };
}
