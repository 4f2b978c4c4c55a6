import { isFifo } from '../../src/contract/plugin-queues.ts';
import type { Instant } from '../../src/core/json.ts';
import type { Chance } from './seed.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';

/** What a queue's resource in the compiled template says of it. */
export interface QueueSettings {
  readonly name: string;
  readonly visibilityMs: number;
  /** Absent where no dead-letter queue takes what is received too often. */
  readonly maxReceiveCount?: number;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** What one invocation of a function may carry. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_INVOCATION_BYTES = 6 * 1024 * 1024;

interface Message {
  readonly id: string;
  readonly body: string;
  readonly bytes: number;
  readonly sentAt: Instant;
  /** When it was to be seen for the first time. */
  readonly dueAt: Instant;
  receives: number;
  /** The receipt of the latest delivery; whoever holds an older one can neither delete nor hide the message. */
  receipt: number;
  isDeleted: boolean;
  /** Calls off its return. */
  stay?: () => void;
  hasCopy: boolean;
  /** In a FIFO queue: the line in which it stands. */
  readonly line?: string;
}

/** Where a message of a FIFO queue stands, and what tells it from its own repetition. */
export interface InLine {
  readonly line: string;
  readonly repetition: string;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const REPETITION_MS = 5 * 60_000;

/** A message as a consumer receives it. */
export interface Delivery {
  readonly queue: Queue;
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly receiveCount: number;
  readonly sentAt: Instant;
  readonly dueAt: Instant;
  readonly line?: string;
}

export interface QueueGround {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly weather: Weather;
  /** For the trace: a message has come, and is to be seen then. */
  readonly onSent: (queue: Queue, id: string, body: string, dueAt: Instant) => void;
  /** A message is over and done with: it was due then, and is gone now. */
  readonly onGone: (queue: Queue, body: string, dueAt: Instant) => void;
}

/**
 * A standard queue: messages come in any order, at least once, and are hidden for a while from the moment that someone receives
 * them. What was received too often goes to the dead-letter queue. A FIFO queue keeps lines: of each, it delivers the oldest message, and the
 * next when that is deleted.
 */
export class Queue {
  readonly settings: QueueSettings;
  readonly url: string;
  readonly arn: string;
  readonly #ground: QueueGround;
  readonly #dead: Queue | undefined;
  readonly #visible: Message[] = [];
  readonly #received = new Map<string, Message>();
  /** Of a FIFO queue: the messages that are there, by line, the oldest first. */
  readonly #lines = new Map<string, Message[]>();
  /** When each was sent that may be repeated. */
  readonly #repeatable = new Map<string, Instant>();
  #count = 0;
  #receipts = 0;
  #delayed = 0;
  /** Told whenever a message can be received. */
  onVisible: () => void = () => undefined;

  constructor(settings: QueueSettings, ground: QueueGround, dead?: Queue) {
    this.settings = settings;
    this.url = `https://sqs.eu-central-1.amazonaws.com/123456789012/${settings.name}`;
    this.arn = `arn:aws:sqs:eu-central-1:123456789012:${settings.name}`;
    this.#ground = ground;
    this.#dead = dead;
  }

  get isFifo(): boolean {
    return isFifo(this.settings.name);
  }

  /** Messages that are there in any way. */
  get size(): number {
    return this.#visible.length + this.#received.size + this.#delayed;
  }

  get gauge() {
    const { length: visible } = this.#visible;
    return { visible, inFlight: this.#received.size, delayed: this.#delayed };
  }

  /** When the oldest message was sent that waits or is being worked on. */
  get oldestSentAt(): Instant | undefined {
    const all = [...this.#visible, ...this.#received.values()].map(({ sentAt }) => sentAt);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  /** Receivable at this moment. */
  get visible(): number {
    return this.#visible.length;
  }

  send(body: string, delayMs = 0): void {
    const { clock, chance, weather } = this.#ground;
    const sentAt = clock.now();
    const lingers = chance.happens(weather.lingers) ? chance.below(60_000) : chance.below(20);
    this.#count += 1;
    const id = `${this.settings.name}/${this.#count}`;
    this.#ground.onSent(this, id, body, sentAt + delayMs);
    this.#arrive(
      {
        ...{ id, body, bytes: Buffer.byteLength(body), sentAt, dueAt: sentAt + delayMs },
        ...{ receives: 0, receipt: 0, isDeleted: false, hasCopy: false },
      },
      sentAt + delayMs + lingers,
    );
  }

  /** Comes at once, after those that were sent before. */
  sendInLine(body: string, { line, repetition }: InLine): void {
    const sentAt = this.#ground.clock.now();
    const before = this.#repeatable.get(repetition);
    if (before !== undefined && sentAt - before < REPETITION_MS) return;
    this.#repeatable.set(repetition, sentAt);
    this.#count += 1;
    const id = `${this.settings.name}/${this.#count}`;
    this.#ground.onSent(this, id, body, sentAt);
    const message: Message = {
      ...{ id, body, bytes: Buffer.byteLength(body), sentAt, dueAt: sentAt, line },
      ...{ receives: 0, receipt: 0, isDeleted: false, hasCopy: true },
    };
    this.#lines.set(line, [...(this.#lines.get(line) ?? []), message]);
    this.#show(message);
  }

  #arrive(message: Message, at: Instant): void {
    this.#delayed += 1;
    this.#ground.clock.quietlyAt(at, () => {
      this.#delayed -= 1;
      this.#show(message);
    });
  }

  #show(message: Message): void {
    this.#visible.push(message);
    this.onVisible();
  }

  /** Up to so many messages, whichever come. */
  receive(most: number): readonly Delivery[] {
    const { clock, chance } = this.#ground;
    const { maxReceiveCount = Infinity, visibilityMs } = this.settings;
    const deliveries: Delivery[] = [];
    let bytes = 0;
    while (deliveries.length < most) {
      const message = this.#takeAny();
      if (message === undefined) break;
      if (message.receives >= maxReceiveCount && this.#dead !== undefined) {
        const { line, id, body } = message;
        if (line === undefined) this.#dead.send(body);
        else this.#dead.sendInLine(body, { line, repetition: id });
        this.#leaveLine(message);
        this.#ground.onGone(this, body, message.dueAt);
        continue;
      }
      bytes += message.bytes * 1.05 + 1000;
      if (deliveries.length > 0 && bytes > MAX_INVOCATION_BYTES) {
        this.#visible.push(message);
        break;
      }
      message.receives += 1;
      this.#receipts += 1;
      message.receipt = this.#receipts;
      const receiptHandle = `${message.receipt}`;
      this.#received.set(receiptHandle, message);
      this.#hide(message, receiptHandle, clock.now() + visibilityMs);
      this.#perhapsCopy(message);
      deliveries.push({
        ...{ queue: this, messageId: message.id, receiptHandle, body: message.body },
        ...{ receiveCount: message.receives, sentAt: message.sentAt, dueAt: message.dueAt },
        ...(message.line !== undefined && { line: message.line }),
      });
    }
    if (!this.isFifo && chance.happens(0.5)) deliveries.reverse();
    return deliveries;
  }

  delete(receiptHandle: string): void {
    const message = this.#received.get(receiptHandle);
    if (message === undefined || message.isDeleted) return;
    message.isDeleted = true;
    message.stay?.();
    this.#received.delete(receiptHandle);
    this.#leaveLine(message);
    this.#ground.onGone(this, message.body, message.dueAt);
  }

  /** @throws for a message that is not in flight under this receipt. */
  changeVisibility(receiptHandle: string, ms: number): void {
    const message = this.#received.get(receiptHandle);
    if (message === undefined) throw new Error('MessageNotInflight');
    message.stay?.();
    this.#hide(message, receiptHandle, this.#ground.clock.now() + ms);
  }

  #hide(message: Message, receiptHandle: string, until: Instant): void {
    message.stay = this.#ground.clock.quietlyAt(until, () => {
      this.#received.delete(receiptHandle);
      this.#show(message);
    });
  }

  /** One of the servers that hold the message has not heard that it was received: it comes once more, at any time. */
  #perhapsCopy(message: Message): void {
    const { clock, chance, weather } = this.#ground;
    if (message.hasCopy || !chance.happens(weather.doubles)) return;
    message.hasCopy = true;
    const copy = { ...message, hasCopy: true, isDeleted: false };
    this.#arrive(
      copy,
      clock.now() + (chance.happens(0.5) ? chance.below(50) : chance.below(400_000)),
    );
  }

  #takeAny(): Message | undefined {
    if (this.isFifo) return this.#takeFirstOfALine();
    if (this.#visible.length === 0) return undefined;
    const index = this.#ground.chance.below(this.#visible.length);
    const message = this.#visible[index] as Message;
    const last = this.#visible.pop() as Message;
    if (index < this.#visible.length) this.#visible[index] = last;
    return message;
  }

  #takeFirstOfALine(): Message | undefined {
    const first = this.#visible.filter(
      ({ line = '', id }) => this.#lines.get(line)?.[0]?.id === id,
    );
    if (first.length === 0) return undefined;
    const message = this.#ground.chance.pick(first);
    this.#visible.splice(this.#visible.indexOf(message), 1);
    return message;
  }

  /** Whoever stands behind it can be received now. */
  #leaveLine({ line, id }: Message): void {
    if (line === undefined) return;
    const others = this.#lines.get(line)?.filter((one) => one.id !== id) ?? [];
    if (others.length === 0) this.#lines.delete(line);
    else {
      this.#lines.set(line, others);
      this.onVisible();
    }
  }
}
