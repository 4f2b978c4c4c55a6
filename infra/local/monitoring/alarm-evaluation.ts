import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { replaceFile } from '../data/replace-file.ts';
import { type Alarm, type AlarmState, sayComparison, stateOf } from './alarm.ts';
import type { AlarmChange } from './alarm-message.ts';
import type { LocalMinute } from './local-minute.ts';
import { type MetricStore, statistic } from './metric-store.ts';

export interface AlarmEvaluationOptions {
  alarms: () => Alarm[];
  store: MetricStore;
  minute: LocalMinute;
  /** Keeps the states over a restart, as CloudWatch would; without it they are in memory. */
  file?: string | undefined;
  /** Told when the states cannot be read: all alarms then begin again. */
  report: (problem: string) => void;
}

const statesSchema = z.record(z.string(), z.enum(['ALARM', 'INSUFFICIENT_DATA', 'OK']));

/** Evaluates alarms at the end of each of their periods, and says which have changed. */
export class AlarmEvaluation {
  readonly #options: AlarmEvaluationOptions;
  readonly #states: Map<string, AlarmState>;
  readonly #evaluatedUntil = new Map<string, number>();

  constructor(options: AlarmEvaluationOptions) {
    this.#options = options;
    this.#states = new Map(Object.entries(readStates(options)));
  }

  list(): { name: string; state: AlarmState; metric: string; threshold: string }[] {
    return this.#options.alarms().map((alarm) => ({
      name: alarm.name,
      state: this.#state(alarm),
      metric: `${alarm.metric.name} of ${Object.values(alarm.metric.dimensions).join(', ')}`,
      threshold: `${alarm.comparison} ${alarm.threshold}, ${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods} × ${alarm.periodSeconds} s`,
    }));
  }

  /** Evaluates what is due at this instant. */
  evaluate(now: number): AlarmChange[] {
    const changes = this.#options
      .alarms()
      .flatMap((alarm) => this.#evaluateIfDue(alarm, now) ?? []);
    if (changes.length) this.#keep();
    return changes;
  }

  #evaluateIfDue(alarm: Alarm, now: number): AlarmChange | undefined {
    const { store, minute } = this.#options;
    const to = minute.boundary(now, alarm.periodSeconds);
    const until = this.#evaluatedUntil.get(alarm.name);
    this.#evaluatedUntil.set(alarm.name, to);
    // the period that was running at the start is not a whole one
    if (until === undefined || until >= to) return undefined;

    const lengthMs = minute.inMs(alarm.periodSeconds);
    const values = store
      .periods(alarm.metric, { to: to - 1, lengthMs, count: alarm.evaluationPeriods })
      .map((set) => set && statistic(set, alarm.statistic))
      .map((value) =>
        value !== undefined && alarm.statistic === 'Sum' ? minute.stretched(value) : value,
      );
    const state = stateOf(alarm, values);
    const before = this.#state(alarm);
    if (state === undefined || state === before) return undefined;
    this.#states.set(alarm.name, state);
    const [value] = values;
    const reason = sayComparison(alarm, value);
    return { alarm, from: before, to: state, value, reason, at: new Date(now) };
  }

  #state({ name }: Alarm): AlarmState {
    return this.#states.get(name) ?? 'INSUFFICIENT_DATA';
  }

  #keep(): void {
    const { file } = this.#options;
    if (file) replaceFile(file, JSON.stringify(Object.fromEntries(this.#states), null, 2));
  }
}

function readStates({ file, report }: AlarmEvaluationOptions): Record<string, AlarmState> {
  if (!file) return {};
  try {
    return statesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      report(`the states of alarms in ${file} cannot be read: all alarms begin again`);
    return {};
  }
}
