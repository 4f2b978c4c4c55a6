import type { QueueSample } from '../embedded/queue-sample.ts';
import { oneLine } from '../local-error.ts';
import type { Alarm } from './alarm.ts';
import { AlarmEvaluation } from './alarm-evaluation.ts';
import type { AlarmChange } from './alarm-message.ts';
import { recordEmbeddedMetrics } from './embedded-metrics.ts';
import { LocalMinute } from './local-minute.ts';
import { type MetricDataRequest, metricData } from './metric-data.ts';
import { MetricStore } from './metric-store.ts';
import type { ReadQueues } from './queue-samples.ts';

export interface MonitoringOptions {
  /** Length of a minute of this CloudWatch; 60 as deployed. */
  minuteSeconds?: number;
  alarms: () => Alarm[];
  instances: () => { functionName: string; instances: number }[];
  /** Where the alarms' states are kept. */
  file?: string;
  now?: () => number;
  report: (problem: string) => void;
}

export interface MonitoringHost {
  readQueues: ReadQueues;
  /** An alarm has changed from OK to ALARM, say. */
  changed: (change: AlarmChange) => Promise<void>;
  /** A minute has ended; called only where minutes are shorter than those of the clock. */
  minuteEnded?: () => void;
}

/** Answers younger than this need no sample of their own. */
const FRESH_MS = 1000;

/** The local CloudWatch: samples queues and functions, answers GetMetricData, evaluates the alarms of the templates. */
export class Monitoring {
  readonly #options: MonitoringOptions;
  readonly #minute: LocalMinute;
  readonly #store = new MetricStore();
  readonly #evaluation: AlarmEvaluation;
  readonly #deleted = new Map<string, number>();
  #host: MonitoringHost | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  #sampling: Promise<void> | undefined;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #minuteEnd: number;

  constructor(options: MonitoringOptions) {
    const { alarms, file, report } = options;
    this.#options = options;
    this.#minute = new LocalMinute(options.minuteSeconds);
    this.#minuteEnd = this.#minute.boundary(this.#now(), 60);
    this.#evaluation = new AlarmEvaluation({
      alarms,
      file,
      report,
      store: this.#store,
      minute: this.#minute,
    });
  }

  start(host: MonitoringHost): void {
    this.#host = host;
    this.#timer = setInterval(() => {
      this.#ticking ??= this.tick()
        .catch((error) => this.#options.report(oneLine(error)))
        .finally(() => {
          this.#ticking = undefined;
        });
    }, this.#minute.sampleMs).unref();
  }

  /** Resolves when what was being sampled or told has been. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#host = undefined;
    await this.#ticking;
  }

  /** One round: samples, evaluates the alarms whose period has ended, tells of those that have changed. */
  async tick(host: MonitoringHost | undefined = this.#host): Promise<void> {
    await this.#sample(host);
    const now = this.#now();
    const changes = this.#evaluation.evaluate(now);
    const minuteEnd = this.#minute.boundary(now, 60);
    if (minuteEnd > this.#minuteEnd && this.#minute.isHurried) host?.minuteEnded?.();
    this.#minuteEnd = minuteEnd;
    // told all at once: one that is slow does not hold up the others
    const told = await Promise.allSettled(
      changes.filter(isWorthTelling).map((change) => host?.changed(change)),
    );
    for (const outcome of told)
      if (outcome.status === 'rejected') this.#options.report(oneLine(outcome.reason));
  }

  /** Takes what a function has written; lines in the embedded metric format are recorded. */
  wrote(text: string): void {
    recordEmbeddedMetrics(text, this.#store, this.#now());
  }

  async metricData(request: MetricDataRequest): Promise<object> {
    if (this.#now() - this.#sampledAt > FRESH_MS) await this.#sample(this.#host);
    return metricData(request, { store: this.#store, minute: this.#minute, now: this.#now() });
  }

  alarms(): object[] {
    return this.#evaluation.list();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  async #sample(host: MonitoringHost | undefined): Promise<void> {
    this.#sampling ??= this.#takeSample(host).finally(() => {
      this.#sampling = undefined;
    });
    await this.#sampling;
  }

  async #takeSample(host: MonitoringHost | undefined): Promise<void> {
    const queues = (await host?.readQueues()) ?? {};
    const now = this.#now();
    this.#sampledAt = now;
    for (const [name, sample] of Object.entries(queues)) this.#recordQueue(name, sample, now);
    for (const { functionName, instances } of this.#options.instances())
      this.#store.record(
        {
          namespace: 'AWS/Lambda',
          name: 'ConcurrentExecutions',
          dimensions: { FunctionName: functionName },
        },
        instances,
        now,
      );
  }

  #recordQueue(QueueName: string, sample: QueueSample, now: number): void {
    const before = this.#deleted.get(QueueName) ?? 0;
    this.#deleted.set(QueueName, sample.deleted);
    const values = {
      ApproximateNumberOfMessagesVisible: sample.visible,
      ApproximateNumberOfMessagesNotVisible: sample.inFlight,
      ApproximateNumberOfMessagesDelayed: sample.delayed,
      ApproximateAgeOfOldestMessage: Math.round(sample.oldestSeconds),
      // The queue counts from its start: where the count has fallen, the queue has started again.
      NumberOfMessagesDeleted: sample.deleted - (sample.deleted < before ? 0 : before),
    };
    for (const [name, value] of Object.entries(values))
      this.#store.record({ namespace: 'AWS/SQS', name, dimensions: { QueueName } }, value, now);
  }
}

/** Where CloudWatch tells that a new alarm has its first data and all is well, nobody here wants to know. */
function isWorthTelling({ from, to }: AlarmChange): boolean {
  return !(from === 'INSUFFICIENT_DATA' && to === 'OK');
}
