import { isDeepStrictEqual } from 'node:util';
import { TASK_CANCELLED } from '../../src/core/cancelling.ts';
import type { OrderFact } from '../../src/core/command.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { placedEvent } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import type { Standing } from '../../src/core/order.ts';
import { hasEnded } from '../../src/core/order.ts';
import { isOpen } from '../../src/core/stage-tasks.ts';
import { historyOf, tasksOf } from '../../src/core/task-records.ts';
import { duesOf } from '../../src/core/wake-up.ts';
import type { Workflow } from '../../src/core/workflow.ts';
import type { FailedAttempt } from './attempts.ts';
import { failedAttempts } from './attempts.ts';
import { dataOf, wrongEvents } from './awaited-events.ts';
import { wrongOperations } from './bulk-records.ts';
import { calledOffJobs, wrongCallingOff } from './called-off.ts';
import { asTaken, leftDone, wrongAsChild } from './child-orders.ts';
import { explain, FITS_SURELY_BYTES } from './explanations.ts';
import { lateness } from './lateness.ts';
import type { ScenarioOrder } from './scenario.ts';
import { sentAlthoughHeld, sentUntried } from './sent-although-held.ts';
import type { Ending, Excused, OfChild, Skips, Told } from './sequential-model.ts';
import { endingOf, sliceOf } from './sequential-model.ts';
import { parkedAlthoughOpen } from './sessions.ts';
import { skipsIn } from './skips.ts';
import { wrongUndoings } from './undoings.ts';
import type { Violation, ViolationKind } from './violations.ts';
import { waitedInVain } from './waits-for-turns.ts';
import type { Aftermath } from './world.ts';
import { wrongWaits } from './wrong-waits.ts';

/** Holds what happened against what Baton promises. */
export function violationsOf(aftermath: Aftermath): readonly Violation[] {
  const { scenario, journals } = aftermath;
  const orders = new Map(scenario.requests.flat().map((order) => [order.orderId, order]));
  const children = [...journals].filter(([orderId]) => !orders.has(orderId));
  return [
    ...aftermath.violations,
    ...wrongOperations(aftermath.operations, journals).map((text) => ({
      kind: 'operation' as const,
      text,
    })),
    ...lostCallbacks(aftermath),
    ...leftDone(journals, scenario).map((one) => ({ kind: 'children' as const, ...one })),
    ...waitedInVain(aftermath).map((one) => ({ kind: 'waited in vain' as const, ...one })),
    ...sentUntried(aftermath).map((text) => ({ kind: 'sent although held' as const, text })),
    ...[...journals].flatMap(([orderId, journal]) => {
      const order = orders.get(orderId);
      return order === undefined ? [] : checkOrder(order, journal, aftermath);
    }),
    ...children.flatMap(([orderId, journal]) => checkChild(orderId, journal, aftermath)),
  ];
}

/** What the API has taken stands in the order's journal. */
function lostCallbacks({ callbacks, journals }: Aftermath): readonly Violation[] {
  return callbacks.flatMap(({ orderId, token, result }) => {
    const [, taskId] = token.split('.');
    const isThere = journals
      .get(orderId)
      ?.flatMap(({ events }) => events)
      .some(
        (event) =>
          event.type === 'TaskCompleted' &&
          event.taskId === taskId &&
          isDeepStrictEqual(event.result, result),
      );
    if (isThere) return [];
    return [{ kind: 'callback' as const, orderId, text: `what ${taskId} came to is lost` }];
  });
}

/** A child order is an order like any other, of its own workflow, that does as its parent does. */
function checkChild(
  orderId: string,
  journal: readonly JournalEntry[],
  aftermath: Aftermath,
): readonly Violation[] {
  const { scenario, journals } = aftermath;
  const { parent, input, attributes } = placedEvent(journal);
  const workflow = workflowFor(journal, scenario);
  if (parent === undefined || workflow === undefined) {
    return [{ kind: 'children', orderId, text: 'nobody has placed it' }];
  }
  const isOver = journal.some(({ events }) =>
    events.some(({ type }) => type === 'CancelRequested' || type === 'UndoRequested'),
  );
  const cancelled = isOver ? new Set([...aftermath.cancelled, orderId]) : aftermath.cancelled;
  const own = { ...aftermath, cancelled, scenario: { ...scenario, workflow } };
  return [
    ...checkOrder({ orderId, input, attributes }, journal, own),
    ...wrongAsChild(journal, journals.get(parent.orderId) ?? []).map((text) => ({
      ...{ kind: 'children' as const, orderId, text },
    })),
  ];
}

/** The workflow of a child order, or what is left of its parent's where it does a slice of a list. */
function workflowFor(
  journal: readonly JournalEntry[],
  { workflow, children }: Aftermath['scenario'],
): Workflow | undefined {
  const { slice, workflow: ref } = placedEvent(journal);
  const own = [workflow, ...children].find(({ name }) => name === ref.name);
  if (slice === undefined) return own === workflow ? undefined : own;
  const step = own?.activities[slice.activity]?.parallel[slice.step];
  return own && step && 'plugin' in step ? sliceOf(own, step) : undefined;
}

function checkOrder(
  order: ScenarioOrder,
  journal: readonly JournalEntry[],
  aftermath: Aftermath,
): readonly Violation[] {
  const { orderId } = order;
  const { facts } = aftermath;
  const found: Violation[] = [];
  const complain = (kind: ViolationKind, text: string) => found.push({ kind, text, orderId });
  checkSound(journal, complain);
  const failures = failedAttempts(journal);
  for (const failure of failures) {
    const complaint = explain(failure, journal, aftermath);
    if (complaint !== undefined) complain(...complaint);
  }
  for (const text of lateness(journal, aftermath)) complain('late', text);
  for (const text of wrongCallingOff(journal, aftermath)) complain('called off', text);
  for (const text of wrongEvents(journal, aftermath)) complain('events', text);
  for (const text of parkedAlthoughOpen(journal, aftermath)) complain('session', text);
  for (const text of sentAlthoughHeld(journal, aftermath)) complain('sent although held', text);
  for (const text of chargedTooMuch(journal, failures, aftermath)) complain('charged', text);
  const last = journal.at(-1)?.state;
  if (last === undefined || !hasEnded(last)) return found;
  for (const text of wrongUndoings(journal, aftermath)) complain('wrong undoing', text);
  const isCancelled =
    aftermath.cancelled.has(orderId) &&
    (last.status === 'cancelled' ||
      (last.status === 'failed' && last.error.code === 'COMPENSATION_FAILED'));
  if (!isCancelled) {
    const passed = new Set<string>();
    const instants = new Set<Instant>();
    const told = {
      ...toldOf(journal, aftermath),
      passes: (name: string) => passed.add(name),
      waits: (until: Instant) => instants.add(until),
    };
    const expected = endingOf(aftermath.scenario, order, told);
    const ending = endedAs(journal);
    const skips = skipsIn(journal);
    if (!isDeepStrictEqual(besideSkips(ending, skips), besideSkips(expected, skips)))
      complain('wrong ending', differenceOf(ending, expected));
    const { workflow } = aftermath.scenario;
    for (const text of wrongWaits(journal, instants, workflow)) complain('wrong wait', text);
    for (const text of wronglyPassed(journal, passed, aftermath)) complain('wrong branch', text);
  }
  checkFacts(journal, aftermath, complain);
  const told = new Set(facts.map((fact) => `${fact.orderId}/${fact.type}/${fact.task}`));
  for (const { job } of 'failedJobs' in last ? last.failedJobs : []) {
    const isTold = ['task.failed', 'order.failed'].some((type) =>
      told.has(`${orderId}/${type}/${job}`),
    );
    if (!isTold) complain('facts', `nobody was told that ${job} failed`);
  }
  return found;
}

/** A failure that is no fault of Baton's may befall a task that its plugin would have done: the model is told of it. */
function toldOf(
  journal: readonly JournalEntry[],
  { facts, journals }: Pick<Aftermath, 'facts' | 'journals'>,
): Told {
  const orderId = journal[0]?.orderId ?? '';
  const failedJobs = new Set(failedAttempts(journal).map(({ job }) => job));
  // Of a task that waited for its turn, no attempt has failed.
  for (const { events } of journal) {
    for (const event of events) {
      if (event.type === 'TaskCancelRequested') failedJobs.add(event.job);
    }
  }
  const { jobs } = historyOf(journal);
  const hadNoRoom = facts.some((fact) => fact.orderId === orderId && hasNoRoom(fact));
  const excused: Excused = (job, bytes) => {
    if (Object.hasOwn(jobs, job)) return false;
    return failedJobs.has(job) || (hadNoRoom && bytes() > FITS_SURELY_BYTES);
  };
  const children = new Map(tasksOf(journal).map(({ job, child }) => [job, child]));
  const ofChild: OfChild = (job) => {
    const child = journals.get(children.get(job) ?? '');
    return child && toldOf(asTaken(child, journal), { facts, journals });
  };
  const begunAgain = begunAgainIn(journal);
  return {
    ...{ excused, skips: skipsIn(journal), begunAgain, ofChild, data: dataOf(journal) },
    ...{ calledOff: calledOffJobs(journal), begun: begunIn(journal), unbegun: unbegunIn(journal) },
  };
}

/** A task that has failed for good has made all its attempts: those that it made as a canary do not count. */
function chargedTooMuch(
  journal: readonly JournalEntry[],
  failures: readonly FailedAttempt[],
  { scenario }: Aftermath,
): readonly string[] {
  const last = journal.at(-1);
  // Whoever retries it gives it more.
  const isRetried = journal.some(({ events }) =>
    events.some(({ type }) => GIVE_ATTEMPTS.has(type)),
  );
  if (last?.state.status !== 'failed' || isRetried) return [];
  const { code, task, plugin } = last.state.error;
  // The job had completed: its undoing has failed. Or somebody has cancelled it while it was parked.
  if (code === 'COMPENSATION_FAILED' || code === TASK_CANCELLED) return [];
  const own = failures.filter(({ job }) => job === task);
  const lastOwn = own.at(-1);
  const followsPolicy = lastOwn?.entry.events.some(
    (event) =>
      event.type === 'TaskFailed' && event.taskId === lastOwn.taskId && event.retry === 'policy',
  );
  if (!followsPolicy) return [];
  const settings = scenario.plugins.find(({ definition }) => definition.name === plugin);
  const most = settings?.definition.retry.maxAttempts ?? 0;
  const charged = own.filter(({ isGivenBack }) => !isGivenBack).length;
  return charged >= most ? [] : [`${task} has failed after ${charged} attempts of ${most}`];
}

const GIVE_ATTEMPTS: ReadonlySet<string> = new Set(['RetryRequested', 'ResumeRequested']);

function checkSound(
  journal: readonly JournalEntry[],
  complain: (kind: ViolationKind, text: string) => void,
): void {
  const numbers = journal.map(({ number }) => number);
  if (numbers.some((number, index) => number !== index))
    complain('unsound entry', `its entries: ${numbers}`);
  // What comes late is kept as well, and is no result.
  const results = journal.flatMap(({ events }, index) => {
    const open = openIn(journal[index - 1]);
    return events.flatMap((event) =>
      event.type === 'TaskCompleted' && open.has(event.taskId) ? [event.taskId] : [],
    );
  });
  if (new Set(results).size < results.length) complain('result twice', `results of ${results}`);
  for (const [index, { state }] of journal.entries()) {
    const next = journal[index + 1];
    if (!hasEnded(state) || next === undefined) continue;
    // Somebody retries it or skips a task; or what is to be undone has completed late.
    const goesOn = next.events.some(({ type }) =>
      ['RetryRequested', 'SkipRequested', 'TaskCompleted', 'UndoRequested'].includes(type),
    );
    if (!goesOn) complain('unsound entry', `entry ${index} ended it, of ${journal.length}`);
  }
  for (const { state, number, events } of journal) {
    if (state.entry !== number)
      complain('unsound entry', `entry ${number} says that it is ${state.entry}`);
    if (events.length === 0) complain('unsound entry', `entry ${number} has no event`);
    if (!('stage' in state) || hasEnded(state)) continue;
    const due = duesOf(state);
    if (due.length === 0) complain('unsound entry', `entry ${number} waits for nothing`);
    if (state.wakeUp.at > Math.min(...due)) {
      complain('unsound entry', `entry ${number} wakes up after what is due`);
    }
  }
}

function openIn(entry: JournalEntry | undefined): ReadonlySet<string> {
  const { stage } = (entry?.state ?? {}) as Partial<Standing>;
  return new Set(stage?.tasks.filter(isOpen).map(({ taskId }) => taskId));
}

/** A task whose input is too large for its order, or for any. */
function hasNoRoom({ error }: OrderFact): boolean {
  if (error?.code !== 'EXPRESSION_FAILED') return false;
  return /^input: (its value does not fit|the value is larger than 5 MiB)/.test(error.message);
}

/** By job: activity, round and element. */
function begunIn(journal: readonly JournalEntry[]): ReadonlyMap<string, string> {
  return new Map(
    tasksOf(journal).map(({ job, activity, round = 1, element = '' }) => [
      job,
      `${activity}/${round}/${element}`,
    ]),
  );
}

/** Activity, round and plugin of who was called off before its turn came. */
function unbegunIn(journal: readonly JournalEntry[]): ReadonlySet<string> {
  const leftOut = journal.flatMap((entry) => entry.leftOut ?? []);
  return new Set(
    leftOut
      .filter(({ status }) => status === 'calledOff')
      .map(({ activity, round = 1, plugin }) => `${activity}/${round}/${plugin}`),
  );
}

/** What had failed, and was then tried again by a person. */
function begunAgainIn(journal: readonly JournalEntry[]): ReadonlySet<string> {
  const jobs = journal.flatMap(({ state }, index) => {
    const isRetried = journal[index + 1]?.events.some(({ type }) => GIVE_ATTEMPTS.has(type));
    if (!isRetried || !('stage' in state)) return [];
    return state.stage?.tasks.flatMap((task) => (task.status === 'failed' ? [task.job] : [])) ?? [];
  });
  return new Set(jobs);
}

/** Of activities in branches that are not taken, whoever stands there by name is told of, once for each stage; and of no others. */
function wronglyPassed(
  journal: readonly JournalEntry[],
  passed: ReadonlySet<string>,
  { scenario: { workflow, theme } }: Aftermath,
): readonly string[] {
  if (theme !== 'ways') return [];
  const expected = workflow.activities.flatMap(({ name, ...activity }) =>
    (['pre', 'parallel', 'post'] as const).flatMap((stage) =>
      passed.has(name)
        ? activity[stage].flatMap((step) =>
            'plugin' in step ? [`${name}.${stage} ${step.plugin}`] : [],
          )
        : [],
    ),
  );
  const isNamed = (place: string) => /P\d|Ghost/.test(place);
  const told = journal.flatMap(({ leftOut = [] }) =>
    leftOut
      .filter(({ reason }) => reason.includes('of its choice was not taken'))
      .map(({ activity, stage, plugin }) => {
        return `${workflow.activities[activity]?.name}.${stage} ${plugin}`;
      }),
  );
  const [is, should] = [told, expected].map((places) => places.filter(isNamed).sort());
  return isDeepStrictEqual(is, should) ? [] : [`passed ${is}, and should have ${should}`];
}

/** How the order did end, told in the words of the model. */
function endedAs(journal: readonly JournalEntry[]): Ending | { status: string } {
  const state = journal.at(-1)?.state;
  const jobs = historyOf(journal).jobs as Ending['jobs'];
  if (state?.status === 'completed') return { status: 'completed', result: state.result, jobs };
  if (state?.status === 'failed') return { status: 'failed', task: state.error.task, jobs };
  return { status: state?.status ?? 'unknown' };
}

/** What a person skipped with a result may have failed before it got an input, when the order stood otherwise: none is compared. */
function besideSkips(ending: Ending | { readonly status: string }, skips: Skips): object {
  if (!('jobs' in ending)) return ending;
  const jobs = Object.entries(ending.jobs).map(([job, { input, result }]) =>
    skips.has(job) ? [job, { result }] : [job, { input, result }],
  );
  return { ...ending, jobs: Object.fromEntries(jobs) };
}

function differenceOf(ending: object, expected: object): string {
  const [is, should] = [ending, expected].map((one) => JSON.stringify(one));
  const shorten = (text = '') =>
    text.length > 600 ? `${text.slice(0, 300)}…${text.slice(-300)}` : text;
  return `it is ${shorten(is)}, and should be ${shorten(should)}`;
}

/** Each fact is told at least once, and none that is not true. */
function checkFacts(
  journal: readonly JournalEntry[],
  { facts, cancelled }: Aftermath,
  complain: (kind: ViolationKind, text: string) => void,
): void {
  const orderId = journal[0]?.orderId ?? '';
  const types = new Set<string>(
    facts.filter((fact) => fact.orderId === orderId).map(({ type }) => type),
  );
  types.delete('task.failed');
  const expected = new Set(journal.flatMap(factsIn));
  // An order that is cancelled before it started never starts.
  if (cancelled.has(orderId)) types.delete('order.started');
  else expected.add('order.started');
  const untold = [...expected].filter((type) => !types.has(type));
  const untrue = [...types].filter((type) => !expected.has(type));
  if (untold.length > 0) complain('facts', `nobody was told ${untold}`);
  if (untrue.length > 0) complain('facts', `it is not true: ${untrue}`);
}

const OF_ACTS: Readonly<Record<string, string>> = {
  PauseRequested: 'order.paused',
  ResumeRequested: 'order.resumed',
  RetryRequested: 'order.retried',
  SkipRequested: 'task.skipped',
  TaskCancelRequested: 'task.cancelled',
};

/** What others are told of an entry. */
function factsIn({ state, events, number }: JournalEntry): readonly string[] {
  const acts = events.flatMap(({ type }) => OF_ACTS[type] ?? []);
  if (hasEnded(state)) return [...acts, `order.${state.status}`];
  const isNew =
    (state.status === 'paused' && state.onFailure && state.pausedIn === number) ||
    (state.status === 'compensating' && state.undoing.begunIn === number);
  return isNew ? [...acts, `order.${state.status}`] : acts;
}
