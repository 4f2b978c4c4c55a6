import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Ground } from './processes.ts';
import { Process } from './processes.ts';
import type { Delivery, Queue } from './queues.ts';

/** What an instance does with a batch. `remainingMs`: until the function's timeout. */
export type Handler = (
  records: readonly SQSRecord[],
  remainingMs: number,
) => Promise<SQSBatchResponse | undefined>;

/** A Lambda function behind a queue, as the templates describe both. */
export interface QueueFunction {
  readonly name: string;
  readonly queue: Queue;
  readonly timeoutMs: number;
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. Default: not at all. */
  readonly windowMs?: number;
  readonly mostInstances: number;
  /** What runs when an instance starts: what it makes is the instance's own, its caches included. */
  readonly load: (process: Process) => Handler;
  /** Records were reported as failed although every call succeeded. */
  readonly onNeedlessFailure: (text: string) => void;
}

interface Instance {
  readonly process: Process;
  readonly handle: Handler;
}

/**
 * An event source mapping: it takes batches from the queue, hands each to an instance, and deletes what was not reported as
 * failed. The messages of a batch share one process and its fate.
 */
export class EventSourceMapping {
  readonly #plan: QueueFunction;
  readonly #ground: Ground;
  readonly #idle: Instance[] = [];
  #busy = 0;
  #polls = 0;
  /** What waits for its batching window to end. */
  #gathered: readonly Delivery[] = [];
  #endWindow: () => void = () => undefined;
  #started = 0;

  constructor(plan: QueueFunction, ground: Ground) {
    this.#plan = plan;
    this.#ground = ground;
    plan.queue.onVisible = () => this.#poll();
  }

  get busy(): number {
    return this.#busy + this.#polls + this.#gathered.length;
  }

  #poll(): void {
    if (this.#busy + this.#polls >= this.#plan.mostInstances) return;
    this.#polls += 1;
    const { clock, chance } = this.#ground;
    clock.at(clock.now() + chance.below(25), () => {
      this.#polls -= 1;
      this.#take();
    });
  }

  #take(): void {
    const { queue, batchSize, windowMs = 0 } = this.#plan;
    const gathered = this.#gathered;
    const received = queue.receive(batchSize - gathered.length);
    if (received.length === 0) return;
    const deliveries = [...gathered, ...received];
    if (windowMs === 0 || deliveries.length === batchSize) {
      this.#hand(deliveries);
    } else {
      this.#gathered = deliveries;
      if (gathered.length === 0) this.#openWindow(windowMs);
    }
    if (queue.visible > 0) this.#poll();
  }

  #openWindow(windowMs: number): void {
    const { clock } = this.#ground;
    this.#endWindow = clock.at(clock.now() + windowMs, () => this.#hand(this.#gathered));
  }

  #hand(deliveries: readonly Delivery[]): void {
    const { chance, weather, trace, clock } = this.#ground;
    this.#gathered = [];
    this.#endWindow();
    if (chance.happens(weather.starves)) {
      trace.add(clock.now(), this.#plan.name, `no instance for ${deliveries.length} messages`);
    } else {
      this.#invoke(deliveries);
    }
  }

  #invoke(deliveries: readonly Delivery[]): void {
    const { timeoutMs, queue } = this.#plan;
    const { clock, chance, trace } = this.#ground;
    const instance = this.#anInstance();
    const { process } = instance;
    this.#busy += 1;
    const about = deliveries.map(
      ({ messageId, receiveCount }) => `${messageId.split('/')[1]}·${receiveCount}`,
    );
    trace.add(clock.now(), process.name, `takes ${about.join(' ')}`);
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      this.#busy -= 1;
      stay();
      cancelTimeout();
      if (process.isAlive && chance.happens(0.95)) {
        process.sleep();
        this.#idle.push(instance);
      }
      if (queue.visible > 0) this.#poll();
    };
    const stay = process.whenKilled(over);
    const cancelTimeout = clock.at(clock.now() + timeoutMs, () =>
      process.kill(`out of time after ${timeoutMs} ms`),
    );
    process.wake();
    const troublesBefore = process.troubles;
    // Records that came before are performed one by one: those for which no time is left are handed back. And whoever fails in a line
    // stays there.
    const isHandedBack = queue.isFifo || deliveries.some(({ receiveCount }) => receiveCount > 1);
    const failedNeedlessly = (reason: string) => {
      if (process.troubles > troublesBefore || isHandedBack) return;
      this.#plan.onNeedlessFailure(`${process.name}: ${reason}, and none of its calls failed`);
    };
    instance.handle(deliveries.map(recordOf), timeoutMs).then(
      (response) => {
        if (isOver) return;
        const failed = new Set(response?.batchItemFailures.map((one) => one.itemIdentifier));
        for (const { messageId, receiptHandle } of deliveries) {
          if (!failed.has(messageId)) queue.delete(receiptHandle);
        }
        if (failed.size > 0) {
          trace.add(clock.now(), process.name, `${failed.size} records failed`);
          failedNeedlessly(`${failed.size} records failed`);
        }
        over();
      },
      (error: Error) => {
        if (isOver) return;
        trace.add(clock.now(), process.name, `the batch failed: ${error.message}`);
        failedNeedlessly(error.message);
        over();
      },
    );
  }

  #anInstance(): Instance {
    const known = this.#idle.pop();
    if (known !== undefined) return known;
    this.#started += 1;
    const process = new Process(`${this.#plan.name}.${this.#started}`, this.#ground);
    return { process, handle: this.#plan.load(process) };
  }
}

function recordOf(delivery: Delivery): SQSRecord {
  return {
    messageId: delivery.messageId,
    receiptHandle: delivery.receiptHandle,
    body: delivery.body,
    attributes: {
      ApproximateReceiveCount: String(delivery.receiveCount),
      SentTimestamp: String(delivery.sentAt),
      SenderId: 'simulation',
      ApproximateFirstReceiveTimestamp: String(delivery.sentAt),
      ...(delivery.line !== undefined && { MessageGroupId: delivery.line }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: delivery.queue.arn,
    awsRegion: 'eu-central-1',
  };
}
