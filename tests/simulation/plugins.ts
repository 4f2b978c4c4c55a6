import { isDeepStrictEqual } from 'node:util';
import type { SQSRecord } from 'aws-lambda';
import type { QueueCalls } from '../../src/aws-calls/queue-service.ts';
import type { TaskMessage } from '../../src/contract/messages.ts';
import { isFifo } from '../../src/contract/plugin-queues.ts';
import { pluginKey } from '../../src/contract/task-token.ts';
import type { Instant, Json } from '../../src/core/json.ts';
import type { Standing } from '../../src/sdk/ask-standing.ts';
import { EndedAttempts } from '../../src/sdk/ended-attempts.ts';
import { performBatch } from '../../src/sdk/perform-batch.ts';
import type { Compensate, Perform } from '../../src/sdk/perform-task.ts';
import type { Runtime } from '../../src/sdk/runtime.ts';
import type { Task } from '../../src/sdk/task.ts';
import { PermanentError, RetryLaterError } from '../../src/sdk/task-errors.ts';
import type { Handler } from './functions.ts';
import type { AttemptRecord, Ledger } from './ledger.ts';
import { performedAs } from './ledger.ts';
import type { Lines } from './lines.ts';
import type { MemoryBucket } from './memory-bucket.ts';
import { payloadsOf } from './memory-bucket.ts';
import type { Process } from './processes.ts';
import type { Behaviour, Manner } from './scenario.ts';
import type { Chance } from './seed.ts';
import { chanceFrom, seedFor } from './seed.ts';
import { breaksOn, resultOf } from './sequential-model.ts';
import type { Sessions } from './sessions.ts';
import type { PluginSettings } from './templates.ts';
import type { Answer, Deferral } from './token-holders.ts';

export const MASTER_SECRET = 'the master secret of the simulation';

/** What a plugin's instances share: who it is, how it behaves, and where what it does is written down. */
export interface PluginWorld {
  readonly settings: PluginSettings;
  readonly behaviour: Behaviour;
  readonly seed: number;
  readonly ledger: Ledger;
  readonly orchestratorQueueUrl: string;
  readonly lines: Lines;
  /** Two tasks of one line are at work at once. */
  readonly onOutOfLine: (orderId: string, text: string) => void;
  /** An attempt in a line begins once more, although it has come to an end. */
  readonly onPerformedAgain: (orderId: string, attempt: string) => void;
  readonly sessions: Sessions;
  /** A task is told of another session or transaction than is its own. */
  readonly onWrongSession: (orderId: string, text: string) => void;
  /** Two messages of one attempt say different things. */
  readonly onContradiction: (orderId: string, attempt: string) => void;
  readonly queueUrl: string;
  /** A task of its is left to whoever holds the token. */
  readonly onDeferred: (deferral: Deferral) => void;
  readonly bucket: MemoryBucket;
  /** When the world began. */
  readonly startedAt: Instant;
  /** Asks the API how the attempt stands, for the process. */
  readonly askStanding: (process: Process, token: string) => Promise<Standing>;
}

/** What a plugin without the SDK writes in place of this result is a number that JavaScript changes. */
const GARBLED = 'garbled';
const garble = (body: string) =>
  body.replaceAll(`"result":"${GARBLED}"`, '"result":9007199254740993');

/** Comparing all the large ones would take longer than all the rest. */
const COMPARED_BYTES = 20_000;

/** An instance of a plugin: the real SDK around work that behaves as the scenario says. */
export function pluginHandler(process: Process, sqs: QueueCalls, world: PluginWorld): Handler {
  const { name, heartbeatSeconds } = world.settings.definition;
  /** What it has begun since it got its latest records. */
  const ofBatch = new Set<AttemptRecord>();
  const runtime: Runtime = {
    plugin: name,
    key: pluginKey(MASTER_SECRET, name),
    clock: { now: process.now, after: process.after },
    log: () => undefined,
    send: async (body) => {
      const { orchestratorQueueUrl: QueueUrl } = world;
      try {
        await sqs('SendMessage', { QueueUrl, MessageBody: garble(body) });
      } catch (error) {
        for (const record of ofBatch) record.unheard += 1;
        throw error;
      }
    },
    deleteRecord: async ({ receiptHandle: ReceiptHandle }) => {
      await sqs('DeleteMessage', { QueueUrl: world.queueUrl, ReceiptHandle });
    },
    delayRecord: async ({ receiptHandle: ReceiptHandle }, VisibilityTimeout) => {
      const input = { QueueUrl: world.queueUrl, ReceiptHandle, VisibilityTimeout };
      await sqs('ChangeMessageVisibility', input);
    },
    standingOf: (token) => world.askStanding(process, token),
    ordered: isFifo(world.queueUrl),
    endedAttempts: new EndedAttempts(),
    payloads: payloadsOf(process, world.bucket),
    files: {
      bucket: 'objects',
      put: () => Promise.reject(new Error('plugins of this world store no files')),
      get: () => Promise.reject(new Error('plugins of this world read no files')),
    },
  };
  const work = {
    perform: performing(process, world, ofBatch),
    compensate: undoing(process, world),
    checkBeforeStart: world.behaviour.asksBeforeStart,
    heartbeatEverySeconds: Math.min(5, (heartbeatSeconds ?? 15) / 3),
  };
  return (records: readonly SQSRecord[], remainingMs: number) => {
    for (const { body } of records) compare(body, world);
    ofBatch.clear();
    return performBatch(work, records, remainingMs, runtime);
  };
}

/** Whoever gets an attempt more than once gets the same task each time. */
function compare(body: string, { settings, ledger, onContradiction }: PluginWorld): void {
  if (body.length > COMPARED_BYTES) return;
  const { invited, ...rest } = JSON.parse(body) as TaskMessage;
  const invitation = invited[settings.definition.name];
  if (invitation === undefined) return;
  // Whether it is to undo the job stands in the bucket.
  if ('stored' in rest && settings.definition.compensates) return;
  // What is sealed is nothing that it could read, and comes with the first message only.
  const { sealed: _, ...told } = invitation;
  const { attempt } = told;
  const job = performedAs(told.job, rest);
  if (ledger.received(rest.orderId, job, attempt, JSON.stringify([rest, told]))) return;
  onContradiction(rest.orderId, `${job}, attempt ${attempt}`);
}

function performing(
  process: Process,
  world: PluginWorld,
  ofBatch: Set<AttemptRecord>,
): Perform<Json, Json> {
  const { behaviour, ledger, seed } = world;
  const { name } = world.settings.definition;
  const underWay = new Set<AttemptRecord>();
  process.whenKilled(() => {
    const [only, ...others] = underWay;
    if (only !== undefined && others.length === 0) only.diedAlone += 1;
  });
  return async (input, task) => {
    const { orderId, job, attempt } = task;
    const record = ledger.attempt(orderId, job, attempt);
    noticeRepetition(task, job, record, world);
    record.begunAt.push(process.now());
    ofBatch.add(record);
    underWay.add(record);
    checkSession(task, world, false);
    const leave = takeTurn(task, process, world);
    try {
      return await workOn(input, task, record);
    } finally {
      record.ended += 1;
      underWay.delete(record);
      leave();
    }
  };

  async function workOn(input: Json, task: Task, record: AttemptRecord): Promise<Json> {
    const { orderId, job, attempt, attributes } = task;
    const chance = chanceFrom(
      seedFor(seed, `${orderId}/${job}/${attempt}/${record.begunAt.length}`),
    );
    const ms = chance.between(...behaviour.workMs);
    const own = mannerOf(behaviour, attempt, attributes.poison === name);
    const manner = sickness() ?? own ?? (breaksOn(behaviour, input) ? 'throws' : undefined);
    if (manner === 'dies' || manner === 'freezes') record.killed += 1;
    else if (manner !== undefined) record.failed += 1;
    await working(manner === undefined || manner === 'garbles' ? ms : ms / 2);
    if (manner === undefined) record.done += 1;
    if (isLeftToOthers(behaviour, manner, chance)) {
      const answer = answerOf(input, manner);
      world.onDeferred(
        deferralOf(
          { task, what: `${job}, attempt ${attempt}`, record, answer, manner },
          world,
          chance,
        ),
      );
      return task.later();
    }
    switch (manner) {
      case 'dies':
        process.kill(`${name} ends its process at ${orderId} ${job} ${attempt}`);
        return never();
      case 'freezes':
        process.freeze();
        return never();
      case 'hangs':
        underWay.delete(record);
        return never();
      case 'throws':
        throw errorOf(behaviour, chance.below(4));
      case 'garbles':
        return GARBLED;
      case undefined:
        return resultOf(name, input, behaviour.padding);
    }

    /** What whoever holds the token says in the end. One who is late says it after the attempt's deadline. */
    function answerOf(input: Json, manner: Manner | undefined): Answer {
      if (manner === undefined || isLate(behaviour, manner)) {
        return { act: 'complete', body: { result: resultOf(name, input, behaviour.padding) } };
      }
      const error = errorOf(behaviour, chance.below(4));
      return { act: 'fail', body: bodyOf(error) };
    }

    function sickness(): Manner | undefined {
      const { sick } = behaviour;
      const ms = process.now() - world.startedAt;
      return sick !== undefined && sick.fromMs <= ms && ms < sick.untilMs ? sick.manner : undefined;
    }

    async function working(forMs: number): Promise<void> {
      const { beatsEveryMs } = behaviour;
      let left = forMs;
      while (beatsEveryMs !== undefined && left > beatsEveryMs) {
        await process.pause(beatsEveryMs);
        left -= beatsEveryMs;
        record.beatsAt.push(process.now());
        await task.heartbeat();
      }
      await process.pause(left);
    }
  }
}

function checkSession(task: Task, world: PluginWorld, undoes: boolean): void {
  const wrong = world.sessions.begin(world.settings.definition, task, undoes);
  if (wrong !== undefined) world.onWrongSession(task.orderId, wrong);
}

/** Of an attempt in a line, one message is performed: whoever begins what has come to an end does it for nothing. */
function noticeRepetition(
  task: Task,
  job: string,
  { ended }: AttemptRecord,
  world: PluginWorld,
): void {
  if (world.settings.definition.ordered === undefined || ended === 0) return;
  world.onPerformedAgain(task.orderId, `${job}, attempt ${task.attempt}`);
}

/** The task of an ordered plugin is at work until it ends, or has to: its signal fires, or its process ends. */
function takeTurn(task: Task, process: Process, world: PluginWorld): () => void {
  const { name, ordered } = world.settings.definition;
  const value = task.attributes.kind;
  if (ordered === undefined || value === undefined) return () => undefined;
  const what = `${task.orderId} ${task.job}`;
  const { besides, leave } = world.lines.begin(`${name} ${value}`, what);
  if (besides !== undefined) world.onOutOfLine(task.orderId, `${name}: ${what} beside ${besides}`);
  const forget = process.whenKilled(leave);
  const over = () => {
    forget();
    leave();
  };
  task.signal.addEventListener('abort', over, { once: true });
  return over;
}

/** What was done is undone, as the scenario says; whoever is asked to undo what never was notices. */
function undoing(process: Process, world: PluginWorld): Compensate<Json, Json> {
  const { behaviour, ledger, onContradiction } = world;
  const { name } = world.settings.definition;
  return async ({ input, result }, task) => {
    const { orderId, job, attempt } = task;
    const record = ledger.attempt(orderId, `undo ${job}`, attempt);
    noticeRepetition(task, `undo ${job}`, record, world);
    record.begunAt.push(process.now());
    checkSession(task, world, true);
    const leave = takeTurn(task, process, world);
    try {
      return await undo(input, result, task, record);
    } finally {
      record.ended += 1;
      leave();
    }
  };

  async function undo(input: Json, result: Json, task: Task, record: AttemptRecord) {
    const { orderId, job, attempt } = task;
    if (!isDeepStrictEqual(result, resultOf(name, input, behaviour.padding))) {
      onContradiction(orderId, `${job} is undone, which never gave ${JSON.stringify(result)}`);
    }
    await process.pause(20);
    const chance = chanceFrom(seedFor(world.seed, `undo ${orderId}/${job}/${attempt}`));
    const { failsFirst = 0, failsForGood = false } = behaviour.undoing ?? {};
    if (!failsForGood && attempt > failsFirst) {
      if (!isLeftToOthers(behaviour, undefined, chance)) return;
      const answer = { act: 'complete', body: { result: null } } as const;
      const what = `undo ${job}, attempt ${attempt}`;
      world.onDeferred(deferralOf({ task, what, record, answer }, world, chance));
      return task.later();
    }
    record.failed += 1;
    throw Object.assign(new Error('it cannot be undone now'), { code: 'BROKEN' });
  }
}

/** Whether somebody else finishes the attempt; one whose process ends leaves nothing to anybody. */
function isLeftToOthers(
  { defers }: Behaviour,
  manner: Manner | undefined,
  chance: Chance,
): boolean {
  if (defers === undefined || !chance.happens(defers.share)) return false;
  return manner === undefined || manner === 'throws' || manner === 'hangs';
}

/** Whether the answer comes after the deadline. Of what can be undone, the model knows no job that fails and completes late. */
function isLate({ failsForGood, undoing: undoes }: Behaviour, manner: Manner | undefined): boolean {
  return manner === 'hangs' && !failsForGood && undoes === undefined;
}

function deferralOf(
  about: Pick<Deferral, 'what' | 'record' | 'answer'> & {
    readonly task: Task;
    readonly manner?: Manner | undefined;
  },
  { behaviour, settings }: PluginWorld,
  chance: Chance,
): Deferral {
  const { task, what, record, answer, manner } = about;
  const { timeoutSeconds, heartbeatSeconds } = settings.definition;
  const [least = 0, most = 0] = behaviour.defers?.withinMs ?? [];
  const lateMs = isLate(behaviour, manner) ? 1000 * timeoutSeconds : 0;
  const afterMs = chance.between(least, most) + lateMs;
  record.waitsMs = Math.max(record.waitsMs, afterMs);
  const beats = heartbeatSeconds !== undefined && lateMs === 0 && chance.happens(0.5);
  const { token, orderId } = task;
  return {
    ...{ token, orderId, what, record, answer, afterMs },
    ...(beats && { beatsEveryMs: (1000 * heartbeatSeconds) / 3 }),
  };
}

/** What a callback says of what a plugin would throw. */
function bodyOf(error: Error): Extract<Answer, { act: 'fail' }>['body'] {
  const { message } = error;
  const { code = 'BROKEN' } = error as { code?: string };
  if (error instanceof PermanentError) return { code, message, retry: 'never' };
  if (!(error instanceof RetryLaterError)) return { code, message, retry: 'policy' };
  return { code, message, retry: 'later', afterSeconds: error.afterSeconds };
}

const never = (): Promise<never> => new Promise(() => undefined);

function mannerOf(behaviour: Behaviour, attempt: number, poisoned: boolean): Manner | undefined {
  if (poisoned) return 'dies';
  const fails = behaviour.failsForGood || attempt <= behaviour.failsFirst;
  return fails ? behaviour.manner : undefined;
}

function errorOf({ advice, failsForGood }: Behaviour, pause: number): Error {
  if (advice === 'never' && failsForGood) return new PermanentError('BROKEN', 'it broke for good');
  if (advice === 'later') return new RetryLaterError(pause, 'it is busy');
  return Object.assign(new Error('it broke'), { code: 'BROKEN' });
}
