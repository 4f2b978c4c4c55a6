import { TASK_CANCELLED } from '../core/cancelling.ts';
import { defined } from '../core/defined.ts';
import type { Run } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import type { OrderState, StageProgress, Standing } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import type { InFlightTask } from '../core/task.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Workflow } from '../core/workflow.ts';
import type { Journal } from '../ports/journal.ts';
import type { Span, Traces } from '../ports/traces.ts';
import { endedBetween } from './ended-between.ts';
import { attemptName, ORDER, spanIdOf, traceOf } from './order-trace.ts';

/** A decision that was stored, and where the order stood before. */
export interface StoredDecision {
  readonly before: OrderState;
  readonly entry: JournalEntry;
  /** What attempts that ended with it say of their plugins. */
  readonly verdicts: readonly Verdict[];
  /** The order's workflow version before the decision. */
  readonly workflow: Workflow;
}

/**
 * The spans of what ended with the decision: attempts, a stage, the order. A span is told once, by whoever stored the entry with which it
 * ended: those that receive spans keep what they get twice. If that process dies, its spans are lost; the order is not.
 *
 *   order            from its acceptance to its end
 *     make.parallel  a stage, from its first task to its last answer
 *       resize       an attempt, from its dispatch to the decision that took its answer
 *         in queue   until the plugin began
 *         at work    until it had finished
 *
 * An order that failed and is retried ends twice, and so does the stage in which it stood: the second span has the same id and is longer.
 */
export async function endedSpans(
  decision: StoredDecision,
  journal: Pick<Journal, 'newestFirst'>,
  traces: Pick<Traces, 'ratio'>,
): Promise<readonly Span[]> {
  const { before, entry } = decision;
  if (!traceOf(before, traces).sampled) return [];
  const spans: Span[] = [];
  if ('stage' in before && !hasEnded(before)) {
    const stage = nameOf(before.stage, decision.workflow);
    spans.push(...attemptsIn(before.stage, stage, decision, traces));
    const after = stageOf(entry.state);
    const goesOn = after !== undefined && isSame(after, before.stage) && !hasEnded(entry.state);
    if (!goesOn) spans.push(await stageSpan(before.stage, stage, decision, { journal, traces }));
  }
  if (endedBetween(before, entry.state)) spans.push(orderSpan(decision, traces));
  return spans;
}

function orderSpan({ before, entry }: StoredDecision, traces: Pick<Traces, 'ratio'>): Span {
  const { state } = entry;
  const { workflow, client } = before;
  const { parentSpanId } = traceOf(before, traces);
  return spanOf(before, traces, {
    ...{ name: `order ${workflow.name}`, kind: 'server', spanId: orderSpanId(before) },
    ...{ startedAt: before.acceptedAt, endedAt: entry.at },
    attributes: defined({ 'baton.status': state.status, 'baton.client': client }),
    ...defined({ parentSpanId, error: state.status === 'failed' ? state.error.code : undefined }),
  });
}

async function stageSpan(
  stage: StageProgress,
  name: string,
  { before, entry }: StoredDecision,
  { journal, traces }: { journal: Pick<Journal, 'newestFirst'>; traces: Pick<Traces, 'ratio'> },
): Promise<Span> {
  const { state } = entry;
  const failedHere = state.status === 'failed' && isSame(state.stage, stage);
  return spanOf(before, traces, {
    ...{ name, kind: 'internal', spanId: spanIdOf(before, 'stage', name) },
    parentSpanId: orderSpanId(before),
    startedAt: onlyDispatch(stage) ?? (await enteredAt(stage, entry, journal)),
    endedAt: entry.at,
    attributes: {},
    ...defined({ error: failedHere ? state.error.code : undefined }),
  });
}

/** When the only task of the stage was dispatched: of those that have ended the state does not keep it, and others may have been held back. */
function onlyDispatch({ tasks }: StageProgress): Instant | undefined {
  const [task, ...more] = tasks.filter((one) => 'taskId' in one || one.status === 'waited');
  if (task?.status !== 'inFlight' || task.attempt > 1 || more.length > 0) return undefined;
  return task.dispatchedAt;
}

async function enteredAt(
  stage: StageProgress,
  { orderId, number, at }: JournalEntry,
  journal: Pick<Journal, 'newestFirst'>,
): Promise<Instant> {
  let entered = at;
  for await (const entry of journal.newestFirst(orderId)) {
    if (entry.number >= number) continue;
    const then = stageOf(entry.state);
    if (then === undefined || !isSame(then, stage)) break;
    entered = entry.at;
  }
  return entered;
}

function attemptsIn(
  stage: StageProgress,
  stageName: string,
  { before, entry }: StoredDecision,
  traces: Pick<Traces, 'ratio'>,
): Span[] {
  const after = stageOf(entry.state);
  const goesOn = (task: InFlightTask) =>
    !hasEnded(entry.state) &&
    after?.tasks.some(
      (one) =>
        one.status === 'inFlight' && one.taskId === task.taskId && one.attempt === task.attempt,
    );
  const ended = stage.tasks.filter(
    (task): task is InFlightTask => task.status === 'inFlight' && !goesOn(task),
  );
  return ended.flatMap((task) => {
    const { plugin, job, attempt, dispatchedAt } = task;
    const spanId = spanIdOf(before, ...attemptName(task));
    const attributes = { 'baton.plugin': plugin, 'baton.job': job, 'baton.attempt': attempt };
    const whole = spanOf(before, traces, {
      ...{ name: plugin, kind: 'internal', spanId, attributes },
      parentSpanId: spanIdOf(before, 'stage', stageName),
      ...{ startedAt: dispatchedAt, endedAt: entry.at },
      ...outcomeOf(task, entry, attributes),
    });
    return [whole, ...partsOfAttempt(whole, runOf(task, entry.events), before)];
  });
}

/** A plugin's clock is another's, and what it says may be wrong: its times lie within the attempt. */
function partsOfAttempt(attempt: Span, run: Run | undefined, order: OrderState): Span[] {
  if (run === undefined) return [];
  const within = (from: Instant, at: Instant) => Math.min(Math.max(from, at), attempt.endedAt);
  const startedAt = within(attempt.startedAt, run.startedAt);
  const endedAt = within(startedAt, run.endedAt);
  const part = (name: string) => ({
    spanId: spanIdOf(order, attempt.spanId, name),
    parentSpanId: attempt.spanId,
    name: `${attempt.name} ${name}`,
  });
  const { error: _, ...rest } = attempt;
  return [
    { ...rest, ...part('in queue'), kind: 'producer', endedAt: startedAt },
    { ...attempt, ...part('at work'), kind: 'consumer', startedAt, endedAt },
  ];
}

/** When the attempt was at work, if its own answer says so: a result may be an earlier attempt's. */
function runOf({ taskId, attempt }: InFlightTask, events: JournalEntry['events']): Run | undefined {
  for (const event of events) {
    if (!('ran' in event) || event.taskId !== taskId) continue;
    if (event.attempt === attempt) return event.ran;
  }
  return undefined;
}

/** How the attempt ended, and the code where it failed. */
function outcomeOf(
  task: InFlightTask,
  { events, state, at, calledOffTasks }: JournalEntry,
  attributes: Span['attributes'],
): Pick<Span, 'attributes' | 'error'> {
  const as = (outcome: string) => ({ ...attributes, 'baton.outcome': outcome });
  const answer = events.findLast((event) => 'taskId' in event && event.taskId === task.taskId);
  if (answer?.type === 'TaskCompleted') return { attributes: as('completed') };
  if (events.some((event) => event.type === 'SkipRequested' && event.job === task.job)) {
    return { attributes: as('skipped') };
  }
  if (calledOffTasks?.some(({ taskId }) => taskId === task.taskId)) {
    return { attributes: as('calledOff') };
  }
  const isCancelled = events.some(
    (event) => event.type === 'TaskCancelRequested' && event.job === task.job,
  );
  const error = codeOf(answer) ?? (isCancelled ? TASK_CANCELLED : codeOfSilence(task, state, at));
  if (error === undefined) return { attributes: as('abandoned') };
  return { attributes: as('failed'), error };
}

function codeOf(answer: JournalEntry['events'][number] | undefined): string | undefined {
  if (answer?.type === 'TaskFailed') return answer.error.code;
  if (answer?.type === 'TaskDeadLettered') return 'DEAD_LETTERED';
  return answer?.type === 'TaskExpired' ? 'TASK_TIMED_OUT' : undefined;
}

/** Nobody answered: its order was cancelled, its time was up, or its plugin has fallen silent. */
function codeOfSilence(
  { deadlineAt, awaits }: InFlightTask,
  { status }: OrderState,
  at: Instant,
): string | undefined {
  if (status === 'cancelled') return undefined;
  if (deadlineAt <= at) return awaits ? 'EVENT_TIMEOUT' : 'TASK_TIMED_OUT';
  return 'HEARTBEAT_MISSED';
}

type Drawn = Omit<Span, 'traceId' | 'tracestate'>;

/** The span with what all spans of an order have. */
function spanOf(order: OrderState, traces: Pick<Traces, 'ratio'>, span: Drawn): Span {
  const { traceId, tracestate } = traceOf(order, traces);
  const { orderId, workflow } = order;
  const shared = {
    'baton.order': orderId,
    'baton.workflow': workflow.name,
    'baton.version': workflow.version,
  };
  return {
    ...{ ...span, traceId, ...defined({ tracestate }) },
    attributes: { ...shared, ...span.attributes },
    // Two instances' clocks may differ.
    endedAt: Math.max(span.startedAt, span.endedAt),
  };
}

function orderSpanId(order: OrderState): string {
  return spanIdOf(order, ...ORDER);
}

function stageOf(state: OrderState): StageProgress | undefined {
  return (state as Partial<Standing>).stage;
}

/** `make.parallel`; an activity may be repeated, and its jobs may be undone in several stages. */
function nameOf(stage: StageProgress, workflow: Workflow): string {
  const activity = workflow.activities[stage.activity]?.name ?? stage.activity;
  const name = `${activity}.${stage.stage}`;
  if (stage.round !== undefined) return `${name} round ${stage.round}`;
  const undone = firstUndone(stage);
  return undone === undefined ? name : `${name} ${undone}`;
}

function isSame(one: StageProgress, other: StageProgress): boolean {
  if (one.activity !== other.activity || one.stage !== other.stage) return false;
  return one.round === other.round && firstUndone(one) === firstUndone(other);
}

function firstUndone({ tasks }: StageProgress): string | undefined {
  return (tasks[0] as Partial<InFlightTask> | undefined)?.undoes;
}
