import type { Instant } from '../../src/core/json.ts';
import type { Queue } from './queues.ts';

/** A stretch of time in which something held an order up. */
interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
}

/** What the world knows of one attempt, whatever Baton makes of it. */
export interface AttemptRecord {
  /** When its plugin began to work on it, each time. */
  readonly begunAt: Instant[];
  /** How often it ended its own process, or made it stand still until its end. */
  killed: number;
  /** How often its process ended while nothing else was under way there, whoever ended it: to Baton it looks as if the attempt had. */
  diedAlone: number;
  /** How often its plugin has come to an end with it, whatever the end. */
  ended: number;
  /** How often its plugin has done what it was to do. */
  done: number;
  /** How often it failed by itself: it threw, or never came to an end. */
  failed: number;
  /** How often its process said how it went, or that it goes on, and was refused or heard no answer. */
  unheard: number;
  readonly beatsAt: Instant[];
  /** How long whoever holds its token takes, if its plugin has left it to somebody. */
  waitsMs: number;
  /** What its message said, but for who else is invited. */
  content?: string;
}

/** What an attempt goes by: its job's name is told to the plugin, and stands in the journal. */
export const attemptKey = (orderId: string, job: string, attempt: number): string =>
  `${orderId}/${job}/${attempt}`;

/** The undoing of a job is a task of its own, which its plugin knows by the job's name. */
export const performedAs = (job: string, { compensate }: { readonly compensate?: unknown }) =>
  compensate === undefined ? job : `undo ${job}`;

/** Shorter stretches are ordinary. */
const NOTICEABLE_MS = 500;

/**
 * What really happened, as nobody inside the world can know it: what held up which order and for how long, and what became of
 * each attempt at its plugin. The checks hold the journals against it.
 */
export class Ledger {
  readonly #attempts = new Map<string, AttemptRecord>();
  /** By order: its messages in the orchestrator's queue, and calls of its client. */
  readonly #orders = new Map<string, Stretch[]>();
  /** By attempt: its messages in the plugin's queues. */
  readonly #tasks = new Map<string, Stretch[]>();
  /** Sweeps that did not do all that they should. */
  readonly #sweeps: Stretch[] = [];

  attempt(orderId: string, job: string, attempt: number): AttemptRecord {
    const key = attemptKey(orderId, job, attempt);
    const known = this.#attempts.get(key);
    if (known !== undefined) return known;
    const never = { ended: 0, done: 0, killed: 0, diedAlone: 0, failed: 0, unheard: 0 };
    const record = { begunAt: [], beatsAt: [], waitsMs: 0, ...never };
    this.#attempts.set(key, record);
    return record;
  }

  /** @returns whether earlier messages of the attempt said the same. */
  received(orderId: string, job: string, attempt: number, content: string): boolean {
    const record = this.attempt(orderId, job, attempt);
    record.content ??= content;
    return record.content === content;
  }

  knows(orderId: string, job: string, attempt: number): AttemptRecord | undefined {
    return this.#attempts.get(attemptKey(orderId, job, attempt));
  }

  sweepFellShort(from: Instant, until: Instant): void {
    this.#sweeps.push({ from, until });
  }

  orderHeldUp(orderId: string, from: Instant, until: Instant): void {
    if (until - from >= NOTICEABLE_MS) push(this.#orders, orderId, { from, until });
  }

  /** A message is gone that was due then. */
  messageGone(queue: Queue, body: string, dueAt: Instant, now: Instant): void {
    if (now - dueAt < NOTICEABLE_MS) return;
    const stretch = { from: dueAt, until: now };
    const message = JSON.parse(body) as {
      readonly orderId?: string;
      readonly answers?: readonly { readonly token: string }[];
      readonly compensate?: object;
      readonly invited?: Readonly<
        Record<string, { readonly job: string; readonly attempt: number }>
      >;
    };
    if (message.answers !== undefined) {
      const orders = new Set(message.answers.map(({ token }) => token.split('.')[0] ?? ''));
      for (const orderId of orders) push(this.#orders, orderId, stretch);
    } else if (message.invited !== undefined) {
      const name = queue.settings.name.replace(/\.fifo$/, '');
      const plugin = name.replace(/^.*-plugin-/, '').replace(/-dead$/, '');
      const invitation = message.invited[plugin];
      if (invitation === undefined) return;
      const { attempt } = invitation;
      const job = performedAs(invitation.job, message);
      push(this.#tasks, attemptKey(message.orderId ?? '', job, attempt), stretch);
      // What buries it decides about the order, as the orchestrator does.
      if (name.endsWith('-dead')) push(this.#orders, message.orderId ?? '', stretch);
    } else {
      push(this.#orders, message.orderId ?? '', stretch);
    }
  }

  /** For how long, between the instants, something held up the order, or the attempt of it if one is given. */
  heldUpMs(orderId: string, from: Instant, until: Instant, attempt?: string): number {
    const stretches = [
      ...(this.#orders.get(orderId) ?? []),
      ...(attempt === undefined ? [] : (this.#tasks.get(attempt) ?? [])),
      ...this.#sweeps,
    ];
    return lengthOf(stretches, from, until);
  }
}

function push(lists: Map<string, Stretch[]>, key: string, stretch: Stretch): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [stretch]);
  else list.push(stretch);
}

/** How much of the time between the instants the stretches cover together. */
function lengthOf(stretches: readonly Stretch[], from: Instant, until: Instant): number {
  const within = stretches
    .map((one) => ({ from: Math.max(one.from, from), until: Math.min(one.until, until) }))
    .filter((one) => one.from < one.until)
    .sort((a, b) => a.from - b.from);
  let sum = 0;
  let end = from;
  for (const one of within) {
    if (one.until <= end) continue;
    sum += one.until - Math.max(one.from, end);
    end = one.until;
  }
  return sum;
}
