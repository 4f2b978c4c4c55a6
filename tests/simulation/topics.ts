import type { FactEvent } from '../../src/contract/cloud-event.ts';
import type { LifecycleFact } from '../../src/core/command.ts';
import type { Instant } from '../../src/core/json.ts';
import type { Queue } from './queues.ts';
import type { Chance } from './seed.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';

/** One message as it is published. */
export interface Publication {
  readonly Message: string;
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue: string }>
  >;
}

/** A queue that gets what its filter lets through, as the compiled template says. */
export interface Subscription {
  readonly queue: Queue;
  readonly filterPolicy: Readonly<Record<string, readonly string[]>>;
  readonly since: Instant;
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
export const MAX_PUBLICATION_BYTES = 256 * 1024;

/** Raw delivery to SQS drops a message with more attributes. */
const MAX_RAW_ATTRIBUTES = 10;

/** For so long SNS may not have spread a new filter policy. */
const SPREADS_WITHIN_MS = 15 * 60_000;

export const TASKS_TOPIC = 'arn:aws:sns:eu-central-1:123456789012:tasks';
export const LIFECYCLE_TOPIC = 'arn:aws:sns:eu-central-1:123456789012:lifecycle';

/** The topic of tasks with its subscriptions, and that of facts with somebody who hears them all. */
export class Topics {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #weather: Weather;
  readonly #subscriptions: readonly Subscription[];
  readonly #hear: (fact: LifecycleFact) => void;

  constructor(
    ground: { clock: VirtualClock; chance: Chance; weather: Weather },
    subscriptions: readonly Subscription[],
    hear: (fact: LifecycleFact) => void,
  ) {
    this.#clock = ground.clock;
    this.#chance = ground.chance;
    this.#weather = ground.weather;
    this.#subscriptions = subscriptions;
    this.#hear = hear;
  }

  bytesOf({ Message, MessageAttributes = {} }: Publication): number {
    return Object.entries(MessageAttributes).reduce(
      (sum, [name, { DataType, StringValue }]) =>
        sum + Buffer.byteLength(name + DataType + StringValue),
      Buffer.byteLength(Message),
    );
  }

  publish(topicArn: string, publication: Publication): void {
    if (topicArn === LIFECYCLE_TOPIC) {
      const { type, data } = JSON.parse(publication.Message) as FactEvent;
      this.#hear({ type, ...data } as LifecycleFact);
      return;
    }
    if (topicArn !== TASKS_TOPIC) throw new Error(`the topic ${topicArn} is not imitated`);
    const attributes = publication.MessageAttributes ?? {};
    if (Object.keys(attributes).length > MAX_RAW_ATTRIBUTES) return;
    for (const { queue, filterPolicy, since } of this.#subscriptions) {
      const isWanted = Object.entries(filterPolicy).every(([name, values]) =>
        values.includes(attributes[name]?.StringValue ?? ''),
      );
      if (!isWanted) continue;
      const isSpread = this.#clock.now() - since >= SPREADS_WITHIN_MS;
      if (!isSpread && this.#chance.happens(0.5)) continue;
      const deliver = () => queue.send(publication.Message);
      this.#clock.quietlyAt(this.#clock.now() + this.#chance.between(5, 300), deliver);
      if (this.#chance.happens(this.#weather.doubles / 2)) deliver();
    }
  }
}
