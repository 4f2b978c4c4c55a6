import { childOf, childOrderId } from '../../src/core/child-orders.ts';
import type { ActRequested } from '../../src/core/event.ts';
import type { OrderState, Standing } from '../../src/core/order.ts';
import { LOOK_AFTER_MS } from '../../src/core/pausing.ts';
import type { StageTask } from '../../src/core/task.ts';
import { applyWish, UNFINISHED_AFTER_MS } from '../../src/engine/wish.ts';
import { Agenda } from './agenda.ts';
import type { Ledger } from './ledger.ts';
import type { Ground, Process } from './processes.ts';
import type { Chance } from './seed.ts';
import type { System } from './system.ts';
import { enginePortsOf } from './system.ts';

/** How often somebody looks whether an order has failed. */
const LOOKS_EVERY_MS = 600_000;

/** How often somebody tries again what has failed, before giving it up. */
const MOST_TRIES = 3;

/** So many attempts of a task are looked through for child orders that have failed. */
const MOST_ATTEMPTS = 3;

/** A paused order is listed as stuck so long after the day on which somebody should look: sweeps may have failed. */
const LISTED_WITHIN_MS = 7_200_000;

/** What a wish did before its process died, a sweep finishes: it becomes due after a while, and sweeps come once a minute. */
export const FINISHED_WITHIN_MS = UNFINISHED_AFTER_MS + 60_000;

export interface OperatorsWorld {
  readonly ground: Ground;
  readonly system: System;
  readonly ledger: Ledger;
  /** Draws of their own, so that a world without operators plays what it always played. */
  readonly chance: Chance;
  /** Likewise for those who skip tasks while an order runs. */
  readonly skipping: Chance;
  /** The orders that are listed as stuck now, seen from outside. */
  readonly stuckNow: () => Promise<ReadonlySet<string>>;
  readonly complain: (kind: 'stuck list', orderId: string, text: string) => void;
  /** Where the order stands, seen from outside; `undefined` before it is placed. */
  readonly stateOf: (orderId: string) => Promise<OrderState | undefined>;
  /** They cancel single tasks, too. */
  readonly cancelsTasks: boolean;
  /** They pause child orders, too, whatever the parents of these do meanwhile. */
  readonly pausesChildren: boolean;
  /** Likewise for those who retry child orders that have failed, whatever the parents have made of that. Nobody does, if absent. */
  readonly retryingChildren: Chance | undefined;
  /** Likewise for those who ask child orders that go on for anything else. */
  readonly meddling: Chance | undefined;
  /** The order has been cancelled by one of them. */
  readonly onCancel: (orderId: string) => void;
}

type AskedFor = {
  readonly [Type in ActRequested['type']]: Omit<
    Extract<ActRequested, { type: Type }>,
    'at' | 'actId' | 'askedAt'
  >;
}[ActRequested['type']];

/** People who look after orders. What they ask for they ask for until they are answered. */
export class Operators {
  readonly #world: OperatorsWorld;
  readonly #agenda: Agenda;
  #acts = 0;

  constructor(world: OperatorsWorld, orderIds: readonly string[]) {
    this.#world = world;
    this.#agenda = new Agenda(world.ground);
    const { chance } = world;
    for (const orderId of orderIds) {
      if (chance.happens(0.3)) {
        const afterMs = chance.below(chance.pick([8000, 60_000, 3_600_000]));
        this.#agenda.after(afterMs, () => this.#pause(orderId));
      }
      this.#lookAgain(orderId, 0);
      if (world.cancelsTasks) this.#cancelSome(orderId);
      if (world.pausesChildren && chance.happens(0.5))
        this.#agenda.after(whileItRuns(chance), () => this.#pauseChild(orderId));
    }
    const { skipping, retryingChildren, meddling } = world;
    if (meddling) for (const orderId of orderIds) this.#meddleSome(orderId, meddling);
    if (retryingChildren)
      for (const orderId of orderIds) this.#retrySome(orderId, retryingChildren);
    for (const orderId of orderIds.filter(() => skipping.happens(0.3))) {
      this.#agenda.after(whileItRuns(skipping), () => this.#skipTask(orderId));
    }
  }

  /** Whichever task is open or has failed, whatever the order makes of that. */
  async #skipTask(orderId: string): Promise<void> {
    const { stateOf, skipping } = this.#world;
    const state = await this.#agenda.during(stateOf(orderId));
    const jobs = tasksOf(state).flatMap((task) =>
      'taskId' in task && task.undoes === undefined ? [task.job] : [],
    );
    if (jobs.length === 0) return;
    const result = skipping.happens(0.7) ? { result: 'by hand' } : {};
    this.#ask(orderId, { type: 'SkipRequested', job: skipping.pick(jobs), ...result });
  }

  #cancelSome(orderId: string): void {
    const { chance } = this.#world;
    for (let times = chance.pick([0, 0, 1, 2]); times > 0; times -= 1) {
      this.#agenda.after(whileItRuns(chance), () => this.#cancelTask(orderId));
    }
  }

  async #pauseChild(orderId: string): Promise<void> {
    const { stateOf, chance } = this.#world;
    const state = await this.#agenda.during(stateOf(orderId));
    const children = tasksOf(state).flatMap((task) =>
      task.status === 'inFlight' && task.byOrder ? [childOf({ orderId }, task)] : [],
    );
    if (children.length > 0) this.#pause(chance.pick(children));
  }

  #retrySome(orderId: string, chance: Chance): void {
    for (let times = chance.below(4); times > 0; times -= 1) {
      const afterMs = chance.below(chance.pick([60_000, 3_600_000, 10_800_000]));
      this.#agenda.after(afterMs, () => this.#retryChild(orderId, chance));
    }
  }

  /** Whichever of its child orders, or of theirs, has failed. */
  async #retryChild(orderId: string, chance: Chance): Promise<void> {
    const below = await this.#agenda.during(this.#ordersBelow(orderId));
    const failed = below.filter(({ status }) => status === 'failed');
    if (failed.length > 0) this.#ask(chance.pick(failed).orderId, { type: 'RetryRequested' });
  }

  #meddleSome(orderId: string, chance: Chance): void {
    for (let times = chance.pick([0, 0, 1, 2]); times > 0; times -= 1) {
      this.#agenda.after(whileItRuns(chance), () => this.#meddle(orderId, chance));
    }
  }

  /** Whichever of its child orders, or of theirs, goes on, is asked for something that its parent does not know of. */
  async #meddle(orderId: string, chance: Chance): Promise<void> {
    const below = await this.#agenda.during(this.#ordersBelow(orderId));
    const going = below.filter((state) => !('endedAt' in state));
    if (going.length === 0) return;
    const state = chance.pick(going);
    const jobs = tasksOf(state).flatMap((task) =>
      'taskId' in task && task.undoes === undefined ? [task.job] : [],
    );
    const job = jobs.length === 0 ? 'none' : chance.pick(jobs);
    const undo = chance.happens(0.2) ? ({ undo: false } as const) : {};
    const result = chance.happens(0.7) ? { result: 'by hand' } : {};
    const act = chance.pick<AskedFor>([
      { type: 'CancelRequested', ...undo },
      { type: 'SkipRequested', job, ...result },
      { type: 'TaskCancelRequested', job },
      { type: 'ResumeRequested' },
    ]);
    this.#ask(state.orderId, act);
  }

  async #ordersBelow(orderId: string): Promise<readonly OrderState[]> {
    const { stateOf } = this.#world;
    const { taskCount = 0 } = ((await stateOf(orderId)) ?? {}) as Partial<Standing>;
    const below: OrderState[] = [];
    for (let task = 1; task <= taskCount; task += 1) {
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
        const child = childOrderId(orderId, `t${task}`, attempt);
        const state = await stateOf(child);
        if (state !== undefined) below.push(state, ...(await this.#ordersBelow(child)));
      }
    }
    return below;
  }

  async #cancelTask(orderId: string): Promise<void> {
    const { stateOf, chance } = this.#world;
    const state = await this.#agenda.during(stateOf(orderId));
    const jobs = tasksOf(state).flatMap((task) => ('taskId' in task ? [task.job] : []));
    if (jobs.length > 0)
      this.#ask(orderId, { type: 'TaskCancelRequested', job: chance.pick(jobs) });
  }

  /** Somebody has something to do yet. */
  get isBusy(): boolean {
    return !this.#agenda.isEmpty;
  }

  #pause(orderId: string): void {
    const { chance } = this.#world;
    const lengthMs = chance.pick([500, 20_000, 4_000_000, 10 * 86_400_000]);
    this.#ask(orderId, { type: 'PauseRequested' }, () =>
      this.#agenda.after(lengthMs, () => this.#ask(orderId, { type: 'ResumeRequested' })),
    );
    if (lengthMs > LOOK_AFTER_MS)
      this.#agenda.after(LOOK_AFTER_MS + 2 * LISTED_WITHIN_MS, () => this.#mindStuck(orderId));
  }

  /** Resumes whatever is paused, for those whose acts on many orders have paused it. A refusal is an answer. */
  resumeAll(orderIds: readonly string[]): void {
    for (const orderId of orderIds) this.#ask(orderId, { type: 'ResumeRequested' });
  }

  /** An order that nobody has looked at for too long is listed. */
  async #mindStuck(orderId: string): Promise<void> {
    const { stateOf, stuckNow, complain, ground } = this.#world;
    const state = await this.#agenda.during(stateOf(orderId));
    if (state?.status === 'paused') {
      const since = state.pausedAt + LOOK_AFTER_MS;
      if (
        since + LISTED_WITHIN_MS <= ground.clock.now() &&
        !(await this.#agenda.during(stuckNow())).has(orderId)
      )
        complain('stuck list', orderId, 'it has been paused for a week, and is not listed');
    }
  }

  /** Looks after the order until it has ended for good. */
  #lookAgain(orderId: string, tries: number): void {
    const afterMs = LOOKS_EVERY_MS + this.#world.chance.below(LOOKS_EVERY_MS);
    this.#agenda.after(afterMs, () => this.#look(orderId, tries));
  }

  async #look(orderId: string, tries: number): Promise<void> {
    const { stateOf } = this.#world;
    const state = await this.#agenda.during(stateOf(orderId));
    // One that nobody has placed yet may never be.
    if (state === undefined) return;
    const act = this.#answerTo(state, tries);
    if (act !== undefined) {
      if (act.type === 'CancelRequested') this.#world.onCancel(orderId);
      this.#ask(orderId, act, () => this.#lookAgain(orderId, tries + 1));
    } else if (!('endedAt' in state)) {
      this.#lookAgain(orderId, tries);
    }
  }

  /** What is to be done about an order that has failed, or has paused instead. */
  #answerTo(state: OrderState, tries: number): AskedFor | undefined {
    const { chance } = this.#world;
    if (state.status === 'paused' && state.onFailure) {
      if (tries === MOST_TRIES) return { type: 'CancelRequested' };
      // Past its pivot, an order is cancelled only as it is.
      if (tries > MOST_TRIES) return { type: 'CancelRequested', undo: false };
      return chance.happens(0.7) ? { type: 'ResumeRequested' } : skipOf(state, chance);
    }
    if (state.status !== 'failed' || tries >= MOST_TRIES || chance.happens(0.2)) return undefined;
    return chance.happens(0.7) ? { type: 'RetryRequested' } : skipOf(state, chance);
  }

  /** Asks until there is an answer; a refusal is one. */
  #ask(orderId: string, asked: AskedFor, then: () => void = () => undefined): void {
    this.#acts += 1;
    const actId = `act-${this.#acts}`;
    const askedAt = this.#world.ground.clock.now();
    const attempt = () => {
      const { ground, system, ledger } = this.#world;
      const { clock, chance } = ground;
      const { givesUp } = ground.weather;
      const startedAt = clock.now();
      const about = { name: `act ${orderId}`, begins: `${asked.type} ${actId}` };
      const apply = (process: Process) => {
        // The clock of whoever asks and the clocks of whoever wrote the journal may differ.
        const event = { ...asked, at: process.now(), actId, askedAt } as ActRequested;
        return applyWish(orderId, event, enginePortsOf(process, system));
      };
      this.#agenda.call(about, apply, (answered) => {
        const again = clock.now() + chance.below(60_000);
        // Nobody leaves an order paused. What else got no answer may be left as it is; somebody looks again.
        const isLeft = !answered && asked.type !== 'ResumeRequested' && chance.happens(givesUp);
        const until = isLeft ? clock.now() + FINISHED_WITHIN_MS : again;
        ledger.orderHeldUp(orderId, startedAt, answered ? clock.now() : until);
        if (answered || isLeft) then();
        else this.#agenda.at(again, attempt);
      });
    };
    attempt();
  }
}

/** The tasks of the stage in which the order stands. */
function tasksOf(state: OrderState | undefined): readonly StageTask[] {
  return state !== undefined && 'stage' in state ? (state.stage?.tasks ?? []) : [];
}

/** Milliseconds until somebody meets an order at a task that is open, or has just ended. */
function whileItRuns(chance: Chance): number {
  return chance.below(chance.pick([4000, 20_000, 600_000]));
}

/** One of the tasks that failed, done by hand or left out: whichever failed the order, or one that it went on without. */
function skipOf(state: OrderState, chance: Chance): AskedFor | undefined {
  const all = tasksOf(state).flatMap((task) => (task.status === 'failed' ? [task] : []));
  const failed = chance.happens(0.5)
    ? all.find(({ mandatory }) => mandatory)
    : all[chance.below(all.length)];
  if (failed === undefined || failed.undoes !== undefined) return { type: 'RetryRequested' };
  const result = chance.happens(0.5) ? { result: 'by hand' } : {};
  return { type: 'SkipRequested', job: failed.job, ...result };
}
