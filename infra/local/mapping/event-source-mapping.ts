import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { QueueCalls, ReceivedMessage } from '../../../src/aws-calls/queue-service.ts';
import { oneLine } from '../local-error.ts';
import { doneMessageIds } from './batch-outcome.ts';
import { sqsEvent } from './lambda-events.ts';

/** Batches at once where a mapping sets no MaximumConcurrency: what Lambda's pollers start with. */
const DEFAULT_CONCURRENCY = 5;

/** How often the last second of a batching window is looked through: it may end at any moment of a long poll. */
const LOOK_EVERY_MS = 100;

/** What can be changed while it runs, as Lambda's UpdateEventSourceMapping does. */
export interface MappingSettings {
  enabled: boolean;
  batchSize: number;
  batchingWindowSeconds: number;
  maximumConcurrency: number | undefined;
}

export interface MappingSource extends MappingSettings {
  /** Lambda's UUID of the mapping. */
  id: string;
  queueArn: string;
  queueUrl: string;
  functionArn: string;
  reportBatchItemFailures: boolean;
  /** Makes the event of a batch; default is that of Lambda for queues. */
  toEvent?: (messages: readonly ReceivedMessage[]) => unknown;
  /** Deletes a message that has failed so many times, as for asynchronous invocations; default never. */
  attempts?: number;
}

export interface MappingHost {
  sqs: QueueCalls;
  invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  report: (problem: string) => void;
}

/**
 * Lambda's event source mapping of a queue: one long poll, and as many invocations in flight as the maximum
 * concurrency allows. A failed invocation leaves its messages to their visibility timeout.
 */
export class EventSourceMapping {
  readonly source: Readonly<Omit<MappingSource, keyof MappingSettings>>;
  #settings: MappingSettings;
  readonly #host: MappingHost;
  readonly #stopping = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  #polling: Promise<void> | undefined;
  #wake: () => void = () => {};
  #poll = new AbortController();
  #deleted = 0;

  constructor(
    { enabled, batchSize, batchingWindowSeconds, maximumConcurrency, ...source }: MappingSource,
    host: MappingHost,
  ) {
    this.source = source;
    this.#settings = { enabled, batchSize, batchingWindowSeconds, maximumConcurrency };
    this.#host = host;
  }

  get settings(): Readonly<MappingSettings> {
    return this.#settings;
  }

  /** Messages done since it was made. */
  get deleted(): number {
    return this.#deleted;
  }

  start(): this {
    this.#polling ??= this.#run();
    return this;
  }

  update(settings: Partial<MappingSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    // a mapping that was switched off takes no more messages, not even the one its open poll might bring
    if (!this.#settings.enabled) this.#poll.abort();
    this.#wake();
  }

  /** No new batch; resolves when those in flight are done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#poll.abort();
    this.#wake();
    await this.#polling;
    await Promise.all(this.#inFlight);
  }

  /** Messages that are waiting, in flight or delayed. */
  async backlog(): Promise<number> {
    const AttributeNames = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ];
    const { Attributes = {} } = await this.#host.sqs('GetQueueAttributes', {
      ...{ QueueUrl: this.source.queueUrl, AttributeNames },
    });
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const { enabled, maximumConcurrency = DEFAULT_CONCURRENCY } = this.#settings;
      if (!enabled || this.#inFlight.size >= maximumConcurrency) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const batch = await this.#nextBatch();
      if (batch.length === 0) continue;
      const processing = this.#process(batch).finally(() => {
        this.#inFlight.delete(processing);
        this.#wake();
      });
      this.#inFlight.add(processing);
      // The batch is handed over before more is asked for: to sign that call takes as long.
      await nextTurn();
    }
  }

  /** A poll brings up to ten messages; a larger batch, or one with a window, is filled until the window ends. */
  async #nextBatch(): Promise<ReceivedMessage[]> {
    const { batchSize, batchingWindowSeconds } = this.#settings;
    const batch = await this.#receive(batchSize, 20);
    if (batch.length === 0) return batch;
    const end = Date.now() + batchingWindowSeconds * 1000;
    while (batch.length < batchSize && this.#takesMore) {
      const leftMs = end - Date.now();
      if (leftMs <= 0) break;
      const seconds = Math.floor(leftMs / 1000);
      if (seconds === 0) await pause(Math.min(leftMs, LOOK_EVERY_MS));
      batch.push(...(await this.#receive(batchSize - batch.length, Math.min(20, seconds))));
    }
    return batch;
  }

  get #takesMore(): boolean {
    return this.#settings.enabled && !this.#stopping.signal.aborted;
  }

  async #receive(atMost: number, WaitTimeSeconds: number): Promise<ReceivedMessage[]> {
    this.#poll = new AbortController();
    try {
      const { Messages = [] } = await this.#host.sqs(
        'ReceiveMessage',
        {
          QueueUrl: this.source.queueUrl,
          MaxNumberOfMessages: Math.min(10, atMost),
          WaitTimeSeconds,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        },
        this.#poll.signal,
      );
      return [...Messages];
    } catch (error) {
      if (this.#poll.signal.aborted) return [];
      await pause(1000, undefined, { ref: false });
      // Where the queue's server has ended, the stack ends with it and says why.
      if (!this.#stopping.signal.aborted)
        this.#host.report(`polling ${this.#queueName} failed: ${oneLine(error)}`);
      return [];
    }
  }

  async #process(messages: readonly ReceivedMessage[]): Promise<void> {
    const { functionArn, queueArn, reportBatchItemFailures, toEvent } = this.source;
    const ids = messages.map(({ MessageId }) => String(MessageId));
    let done: readonly string[] = [];
    try {
      const event = toEvent ? toEvent(messages) : sqsEvent(messages, queueArn);
      const response = await this.#host.invoke(functionArn, event);
      done = reportBatchItemFailures ? doneMessageIds(response, ids) : ids;
    } catch {
      // the host has reported it; the messages come again when their visibility timeout ends
      done = this.#givenUp(messages);
    }
    await this.#delete(messages.filter(({ MessageId }) => done.includes(String(MessageId))));
  }

  #givenUp(messages: readonly ReceivedMessage[]): string[] {
    const { attempts = Number.POSITIVE_INFINITY } = this.source;
    return messages
      .filter((message) => Number(message.Attributes?.ApproximateReceiveCount) >= attempts)
      .map(({ MessageId }) => String(MessageId));
  }

  async #delete(messages: readonly ReceivedMessage[]): Promise<void> {
    for (let first = 0; first < messages.length; first += 10) {
      const Entries = messages.slice(first, first + 10).map(({ ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
      }));
      try {
        await this.#host.sqs('DeleteMessageBatch', { QueueUrl: this.source.queueUrl, Entries });
        this.#deleted += Entries.length;
      } catch (error) {
        this.#host.report(`deleting messages of ${this.#queueName} failed: ${oneLine(error)}`);
      }
    }
  }

  get #queueName(): string {
    return String(this.source.queueArn.split(':').at(-1));
  }
}
