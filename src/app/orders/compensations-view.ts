import type { AttemptRecord } from '../../core/attempt-records.ts';
import { defined } from '../../core/defined.ts';
import type { Failure } from '../../core/failure.ts';
import type { Instant } from '../../core/json.ts';
import type { OrderState, UndoableJob } from '../../core/order.ts';
import type { TaskRecord } from '../../core/task-records.ts';

/** The undoing of one job, under way, done, still to come, or impossible to know. */
export interface Compensation {
  readonly job: string;
  readonly plugin: string;
  readonly status:
    | 'pending'
    | 'inFlight'
    | 'deferred'
    | 'backingOff'
    | 'parked'
    | 'completed'
    | 'failed'
    | 'unknown';
  readonly attempts: readonly AttemptRecord[];
  readonly dispatchedAt?: Instant;
  readonly endedAt?: Instant;
  readonly error?: Failure;
}

/** What has been undone of an order, what will be, and what may have been done without anybody knowing; none where nothing is undone. */
export function compensationsOf(
  state: OrderState | undefined,
  tasks: readonly TaskRecord[],
): readonly Compensation[] {
  const undoing = state !== undefined && 'undoing' in state ? state.undoing : undefined;
  const begun = tasks.flatMap(begunCompensation);
  if (state === undefined || undoing === undefined) return begun;
  const planned = 'stage' in state ? (state.stage?.tasks ?? []) : [];
  const next = planned.flatMap((task) =>
    task.status === 'planned' && task.undoes !== undefined && task.again === undefined
      ? [{ job: task.undoes, plugin: task.plugin }]
      : [],
  );
  const later = undoing.groups?.flatMap(({ jobs }) => jobs) ?? [];
  return [
    ...begun,
    ...[...next, ...later].map((one) => unbegun(one, 'pending')),
    ...undoing.unknown.map((one) => unbegun(one, 'unknown')),
  ];
}

function begunCompensation(task: TaskRecord): readonly Compensation[] {
  const { undoes: job, plugin, status, attempts, dispatchedAt, endedAt, error } = task;
  // What undoes a job waits for no event.
  if (job === undefined || status === 'awaiting') return [];
  if (status === 'skipped' || status === 'calledOff' || status === 'abandoned') return [];
  return [{ job, plugin, status, attempts, dispatchedAt, ...defined({ endedAt, error }) }];
}

function unbegun(
  { job, plugin }: Pick<UndoableJob, 'job' | 'plugin'>,
  status: 'pending' | 'unknown',
): Compensation {
  return { job, plugin, status, attempts: [] };
}
