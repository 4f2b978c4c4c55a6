import type { Accepted, Mutant } from './survivors.ts';

/** Mutants that may survive, and why. `npm run mutation` ends with 1 for any other. */
export const accepted: readonly Accepted[] = [
  {
    reason:
      'Whoever reads a retry advice asks whether it is `never` or `later`; all else is the policy.',
    mutants: [
      ...inFile('src/core/attempts.ts', [
        ["const again = retryAt(failed, { retry: 'policy' }, retry);", "{ retry: 'policy' }", '{}'],
        ["const again = retryAt(failed, { retry: 'policy' }, retry);", "'policy'", '""'],
      ]),
      ...inFile('src/core/overdue.ts', [
        [
          "return afterFailure(order, task, error, { retry: 'policy' }, draft);",
          "{ retry: 'policy' }",
          '{}',
        ],
        ["return afterFailure(order, task, error, { retry: 'policy' }, draft);", "'policy'", '""'],
      ]),
      ...inFile('src/core/task-events.ts', [
        [
          "return afterFailure(order, task, error, { retry: 'policy' }, draft);",
          "{ retry: 'policy' }",
          '{}',
        ],
        ["return afterFailure(order, task, error, { retry: 'policy' }, draft);", "'policy'", '""'],
      ]),
    ],
  },
  {
    reason:
      'The last cases of an exhaustive switch return `undefined`, and so does whoever falls out of it.',
    mutants: [
      ...inFile('src/core/wake-up.ts', [
        ["case 'planned':", "'planned'", '""'],
        ["case 'plannedWait':", "'plannedWait'", '""'],
        ["case 'failed':", "'failed'", '""'],
        ["case 'skipped':", "'skipped'", '""'],
        ["case 'completed':", "'completed'", '""'],
        ["case 'waited':", "'waited'", '""'],
        ["case 'waited':", "case 'waited': return undefined;", "case 'waited':"],
        ["case 'plannedChoice':", "'plannedChoice'", '""'],
        ["case 'chosen':", "'chosen'", '""'],
        ["case 'plannedRepeat':", "'plannedRepeat'", '""'],
        ["case 'repeatDecided':", "'repeatDecided'", '""'],
        ["case 'calledOff':", "'calledOff'", '""'],
      ]),
      ...inFile('src/core/remaining.ts', [
        ["case 'cancelled':", "'cancelled'", '""'],
        ["case 'compensating':", "'compensating'", '""'],
        ["case 'compensating':", "case 'compensating': return undefined;", "case 'compensating':"],
      ]),
      ...inFile('src/core/verdict.ts', [
        ["case 'later':", "'later'", '""'],
        ["case 'later':", "case 'later': return undefined;", "case 'later':"],
      ]),
    ],
  },
  {
    reason: 'A wait has no result, so that nobody asks for its key.',
    mutants: [
      ...inFile('src/core/stage.ts', [
        ["if (!('plugin' in task)) keys.push(undefined);", "!('plugin' in task)", 'false'],
      ]),
      ...inFile('src/core/payload-after.ts', [
        ["const key = keys[index] ?? '';", "''", '"Stryker was here!"'],
      ]),
    ],
  },
  {
    reason:
      'Only this kind has the field that is looked at next, and what lacks it comes to the same: the question is for the compiler.',
    mutants: [
      ...inFile('src/engine/deadlines.ts', [
        ['if (hasEnded(entry.state)) return undefined;', 'hasEnded(entry.state)', 'false'],
      ]),
      ...inFile('src/engine/acts-of-parent.ts', [
        [
          "return child.status === 'paused' && child.byParent === true;",
          "child.status === 'paused'",
          'true',
        ],
      ]),
      ...inFile('src/engine/sweep.ts', [
        [
          "return event.type !== 'OrderPlaced' && isAct(event);",
          "event.type !== 'OrderPlaced'",
          'true',
        ],
        ["return event.type !== 'OrderPlaced' && isAct(event);", "'OrderPlaced'", '""'],
      ]),
      ...inFile('src/engine/ended-spans.ts', [
        [
          "(event) => event.type === 'TaskCancelRequested' && event.job === task.job,",
          "event.type === 'TaskCancelRequested'",
          'true',
        ],
      ]),
      ...inFile('src/engine/messages-of-commands.ts', [
        ["one.type === 'DispatchTask' &&", "one.type === 'DispatchTask'", 'true'],
      ]),
      ...inFile('src/engine/parking.ts', [
        ["event.type === 'TaskReleased' &&", "event.type === 'TaskReleased'", 'true'],
      ]),
      ...inFile('src/engine/turns.ts', [
        [
          "if (event.type !== 'TaskReleased' || event.task === undefined) return [];",
          "event.type !== 'TaskReleased'",
          'false',
        ],
      ]),
      ...inFile('src/engine/too-large-results.ts', [
        ["if (!('taskId' in task)) return [];", "!('taskId' in task)", 'false'],
        [
          "if (event.type !== 'TaskCompleted' || event.taskId !== taskId) return undefined;",
          "event.type !== 'TaskCompleted'",
          'false',
        ],
      ]),
      ...inFile('src/core/task-records.ts', [
        ["if (!('taskId' in event)) continue;", "!('taskId' in event)", 'false'],
        [
          "if (event.type === 'TaskFailed' && event.ofSlice) {",
          "event.type === 'TaskFailed'",
          'true',
        ],
      ]),
      ...inFile('src/core/enough.ts', [
        [
          "if ('plugin' in task) return { status: 'calledOff', ...placeOf(task) };",
          "'plugin' in task",
          'true',
        ],
      ]),
      ...inFile('src/core/for-each.ts', [
        [
          "return task.status === 'planned' && task.each === true;",
          "task.status === 'planned'",
          'true',
        ],
        ['if (element === undefined) return undefined;', 'element === undefined', 'false'],
        [
          'return list === undefined || !awaitsList(task)',
          'list === undefined || !awaitsList(task)',
          'list === undefined && !awaitsList(task)',
        ],
        ['return list === undefined || !awaitsList(task)', 'list === undefined', 'false'],
      ]),
      ...inFile('src/core/awaiting.ts', [
        [
          "if (event.type !== 'EventReceived') return event;",
          "event.type !== 'EventReceived'",
          'false',
        ],
      ]),
      ...inFile('src/core/decide.ts', [
        [
          "if (event.type !== 'RetryRequested' || event.version === undefined) return workflow;",
          "event.type !== 'RetryRequested'",
          'false',
        ],
      ]),
      ...inFile('src/core/child-orders.ts', [
        [
          "return state.status === 'paused' && state.pausedIn === state.entry;",
          "state.status === 'paused'",
          'true',
        ],
      ]),
      ...inFile('src/core/commands-of.ts', [
        [
          'if (wakeUp.entry !== entry || last === undefined) return [];',
          'last === undefined',
          'false',
        ],
        [
          "if (undoes === undefined || order.status !== 'compensating') return undefined;",
          "undoes === undefined || order.status !== 'compensating'",
          "undoes === undefined && order.status !== 'compensating'",
        ],
        [
          "if (undoes === undefined || order.status !== 'compensating') return undefined;",
          'undoes === undefined',
          'false',
        ],
        [
          "if (undoes === undefined || order.status !== 'compensating') return undefined;",
          "order.status !== 'compensating'",
          'false',
        ],
        [
          "event.type !== 'OrderPlaced' && isAct(event) ? factsOfAct(state, event) : [],",
          "event.type !== 'OrderPlaced'",
          'true',
        ],
        [
          "event.type !== 'OrderPlaced' && isAct(event) ? factsOfAct(state, event) : [],",
          "'OrderPlaced'",
          '""',
        ],
        [
          "if (state.status === 'paused' && state.onFailure && state.pausedIn === entry) {",
          "state.status === 'paused'",
          'true',
        ],
        ["if (failed?.status !== 'failed') return [];", "failed?.status !== 'failed'", 'false'],
        ["if (failed?.status !== 'failed') return [];", 'failed?.status', 'failed.status'],
        ["if (failed?.status !== 'failed') return [];", '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/overdue.ts', [
        [
          "if (task.status === 'waiting' && task.until <= draft.at) {",
          "task.status === 'waiting'",
          'true',
        ],
        ["if (task.status !== 'inFlight') return task;", "task.status !== 'inFlight'", 'false'],
        [
          'if (task.silentAt !== undefined && task.silentAt <= draft.at) return silent(order, task, draft);',
          'task.silentAt !== undefined',
          'true',
        ],
        [
          "if (task.status !== 'inFlight' || !isPlugins(task) || task.begunIn !== undefined) return false;",
          "task.status !== 'inFlight'",
          'false',
        ],
      ]),
      ...inFile('src/core/repeats.ts', [
        [
          'return event.armedFor !== undefined && at < event.armedFor - CLOCK_SKEW_MS;',
          'event.armedFor !== undefined',
          'true',
        ],
        [
          "return event.type === 'TaskCompleted' ? event.event?.id : undefined;",
          "event.type === 'TaskCompleted'",
          'true',
        ],
      ]),
      ...inFile('src/core/wake-up.ts', [
        [
          "const hasBegun = task.status === 'inFlight' && task.begunIn === entry;",
          "task.status === 'inFlight'",
          'true',
        ],
      ]),
      ...inFile('src/engine/outgoing-messages.ts', [
        [
          "if (outgoing.to !== 'lifecycle' || outgoing.body.type !== 'plugin.awaited') return true;",
          "outgoing.to !== 'lifecycle'",
          'false',
        ],
      ]),
      ...inFile('src/core/undoing.ts', [
        [
          "return task.status === 'planned' || (task.status === 'backingOff' && task.retryAt <= draft.at);",
          "task.status === 'backingOff'",
          'true',
        ],
      ]),
      ...inFile('src/core/task-events.ts', [
        [
          "const late = order.status === 'compensating' ? lateToUndo(order, event) : undefined;",
          "order.status === 'compensating'",
          'true',
        ],
        [
          "if (task.status !== 'inFlight' || !isDeferred(task)) note(draft, task, 'worked');",
          "task.status !== 'inFlight'",
          'false',
        ],
      ]),
      ...inFile('src/core/turns.ts', [
        [
          "if ((task.status !== 'inFlight' && task.status !== 'backingOff') || task.turn === undefined) {",
          "task.status !== 'inFlight' && task.status !== 'backingOff'",
          'false',
        ],
      ]),
      ...inFile('src/core/verdict.ts', [
        ["task.status === 'inFlight'", "task.status === 'inFlight'", 'true'],
      ]),
      ...inFile('src/core/rounds.ts', [
        [
          "const repeats = tasks.some((task) => task.status === 'repeatDecided' && task.repeats === true);",
          "task.status === 'repeatDecided'",
          'true',
        ],
      ]),
      ...inFile('src/core/route.ts', [
        [
          "const made = tasks.find((task) => task.status === 'chosen');",
          "task.status === 'chosen'",
          'true',
        ],
      ]),
      ...inFile('src/core/sessions.ts', [
        ["if (!('taskId' in task)) return [];", "!('taskId' in task)", 'false'],
      ]),
      ...inFile('src/core/task.ts', [
        [
          "return task.status === 'parked' && 'awaitsTurn' in task;",
          "task.status === 'parked'",
          'true',
        ],
      ]),
    ],
  },
  {
    reason: 'It is always there: the question is for the compiler.',
    mutants: [
      ...inFile('src/engine/tending-children.ts', [
        ['if (parent === undefined) return [];', 'parent === undefined', 'false'],
        ['if (parent === undefined) return [];', '[]', '["Stryker was here"]'],
        [
          'const parent = (await ports.journal.latest(before.orderId))?.state;',
          '(await ports.journal.latest(before.orderId))?.state',
          '(await ports.journal.latest(before.orderId)).state',
        ],
        [
          'const child = (await ports.journal.latest(childId))?.state;',
          '(await ports.journal.latest(childId))?.state',
          '(await ports.journal.latest(childId)).state',
        ],
        ['if (child === undefined || hasEnded(child)) return [];', 'child === undefined', 'false'],
      ]),
      ...inFile('src/core/slices.ts', [
        ['return lists?.[step] ?? [];', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/engine/acts-of-parent.ts', [
        [
          'return workflow !== undefined && isPastPivot(child, workflow);',
          'workflow !== undefined',
          'true',
        ],
      ]),
      ...inFile('src/engine/foreseen.ts', [
        [
          'if (event === undefined || others.length > 0) return undefined;',
          'event === undefined',
          'false',
        ],
        [
          "return open?.status === 'inFlight' && more.length === 0 ? open : undefined;",
          'open?.status',
          'open.status',
        ],
      ]),
      ...inFile('src/engine/ended-spans.ts', [
        ['after?.tasks.some(', 'after?.tasks', 'after.tasks'],
        [
          'return (tasks[0] as Partial<InFlightTask> | undefined)?.undoes;',
          '(tasks[0] as Partial<InFlightTask> | undefined)?.undoes',
          '(tasks[0] as Partial<InFlightTask> | undefined).undoes',
        ],
      ]),
      ...inFile('src/engine/order-context.ts', [
        [
          "return 'stage' in state && state.stage?.tasks.some(({ status }) => status === 'backingOff');",
          'state.stage?.tasks',
          'state.stage.tasks',
        ],
      ]),
      ...inFile('src/engine/tending-turns.ts', [
        ['if (doubted === undefined || still.length === 0) {', 'doubted === undefined', 'false'],
      ]),
      ...inFile('src/engine/too-large-results.ts', [
        [
          '? (state.stage?.tasks ?? []).flatMap((task) =>',
          'state.stage?.tasks',
          'state.stage.tasks',
        ],
        ['? (state.stage?.tasks ?? []).flatMap((task) =>', '[]', '["Stryker was here"]'],
        [
          "const tasks = 'stage' in before ? (before.stage?.tasks ?? []) : [];",
          'before.stage?.tasks',
          'before.stage.tasks',
        ],
        [
          "const tasks = 'stage' in before ? (before.stage?.tasks ?? []) : [];",
          '[]',
          '["Stryker was here"]',
        ],
      ]),
      ...inFile('src/core/payload-after.ts', [
        [
          "if (!('slice' in task) || task.element === undefined) return [result ?? null];",
          'task.element === undefined',
          'false',
        ],
      ]),
      ...inFile('src/core/stage.ts', [
        [
          'return step !== undefined && isTaskStep(step) ? step : undefined;',
          'step !== undefined && isTaskStep(step)',
          'true',
        ],
      ]),
      ...inFile('src/engine/engine.ts', [
        ['if (only === undefined) throw error;', 'only === undefined', 'false'],
      ]),
      ...inFile('src/engine/placing.ts', [
        [
          'const latest = entries.at(-1)?.state ?? state;',
          'entries.at(-1)?.state',
          'entries.at(-1).state',
        ],
      ]),
      ...inFile('src/engine/sweep.ts', [
        [
          'const deaths = last?.orderIds.length === 1 ? last.deaths + 1 : 0;',
          'last?.orderIds',
          'last.orderIds',
        ],
      ]),
      ...inFile('src/core/task-records.ts', [
        [
          'if (!slice || element === undefined) return defined({ element });',
          'element === undefined',
          'false',
        ],
        ['if (record === undefined) continue;', 'record === undefined', 'false'],
      ]),
      ...inFile('src/core/turns.ts', [
        [
          'const most = context.plugins.get(plugin)?.tasksPerClient;',
          'context.plugins.get(plugin)?.tasksPerClient',
          'context.plugins.get(plugin).tasksPerClient',
        ],
      ]),
      ...inFile('src/core/unawaited.ts', [
        [
          'const unawaited = order.unawaited?.map((one) =>',
          'order.unawaited?.map',
          'order.unawaited.map',
        ],
        [
          'return !task.slice && failure !== undefined && mayCompleteYet(failure.error, task.attempt);',
          'failure !== undefined',
          'true',
        ],
      ]),
      ...inFile('src/core/undo-plan.ts', [
        [
          'return attempts.some(({ error, attempt }) => error !== undefined && mayBeDone(error, attempt));',
          'error !== undefined',
          'true',
        ],
      ]),
      ...inFile('src/core/starting.ts', [
        [
          "if (choice === undefined || !('error' in choice)) return task;",
          'choice === undefined',
          'false',
        ],
        [
          "if (repeat === undefined || 'status' in repeat) return repeat ?? task;",
          'repeat === undefined',
          'false',
        ],
      ]),
    ],
  },
  {
    reason: 'What has not ended counts, and counts as failed: that is nothing.',
    mutants: [
      ...inFile('src/core/enough.ts', [
        [
          'const ended = stage.tasks.filter(',
          "stage.tasks.filter( (task): task is CompletedTask | FailedTask => task.status === 'completed' || task.status === 'failed', )",
          'stage.tasks',
        ],
        [
          "task.status === 'completed' || task.status === 'failed',",
          "task.status === 'completed' || task.status === 'failed'",
          'true',
        ],
      ]),
    ],
  },
  {
    reason: 'What failed before it was sent is known from its failure as well.',
    mutants: [
      ...inFile('src/core/enough.ts', [
        [
          'const noted = withNeverSent(order, stage.tasks.filter(isOpen));',
          'stage.tasks.filter(isOpen)',
          'stage.tasks',
        ],
      ]),
    ],
  },
  {
    reason:
      'An event without a name of its own changes nothing when it comes a second time in one batch.',
    mutants: [
      ...inFile('src/core/repeats.ts', [
        ['if (!isTakenByName(event)) return undefined;', '!isTakenByName(event)', 'false'],
      ]),
    ],
  },
  {
    reason: 'An order that has a stage is not accepted any more.',
    mutants: [...inFile('src/core/unawaited.ts', [["case 'accepted':", "'accepted'", '""']])],
  },
  {
    reason: 'A child that was cancelled is not undone in part, whatever else is asked first.',
    mutants: [
      ...inFile('src/engine/undone-child.ts', [
        ["case 'cancelled':", "case 'cancelled': return [undone];", "case 'cancelled':"],
      ]),
    ],
  },
  {
    reason: 'Nobody looks at it.',
    mutants: [
      ...inFile('src/core/parking.ts', [
        // It is let through, and is neither a canary nor has a turn.
        ["if (!canary) return { ...task, released: 'wave' };", "'wave'", '""'],
      ]),
      ...inFile('src/core/deciding.ts', [
        ['if (expressions.length === 0) return [];', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/task-records.ts', [['const last = entries.at(-1);', '-1', '+1']]),
      ...inFile('src/engine/answering.ts', [
        ['const NOTHING_ASKED: Answer = [];', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/engine/begun-child.ts', [["fingerprint: 'child',", "'child'", '""']]),
      ...inFile('src/engine/try-order.ts', [
        ["...{ workflow: { name, version }, fingerprint: '' },", "''", '"Stryker was here!"'],
      ]),
      ...inFile('src/engine/messages-of-commands.ts', [
        ['const stored = looksBack ? await recall.entries() : [];', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/slices.ts', [
        ['...{ name, version, on: [] },', '[]', '["Stryker was here"]'],
      ]),
    ],
  },
  {
    reason: 'No task, plugin or message is called so, and no key.',
    mutants: [
      ...inFile('src/engine/tending-events.ts', [
        [
          "for await (const places of awaitedEvents.awaiting({ eventType, key: key ?? '' })) {",
          "''",
          '"Stryker was here!"',
        ],
      ]),
      ...inFile('src/core/task-records.ts', [
        ['without: readonly string[] = [],', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/called-off.ts', [
        ['const { unawaited = [] } = order as Partial<Standing>;', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/unawaited.ts', [
        [
          'const { unawaited = [], ...planned } = state as Partial<FailedOrder>;',
          '[]',
          '["Stryker was here"]',
        ],
      ]),
      ...inFile('src/core/undo-plan.ts', [
        ['const { unknown = [], notDone = [] } = undoing ?? {};', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/commands-of.ts', [
        [
          'const { jobs, stage, failedJobs, calledOffJobs = [], skippedJobs = [] } = order;',
          '[]',
          '["Stryker was here"]',
        ],
      ]),
      ...inFile('src/core/stage.ts', [
        [
          "return new Set(steps.flatMap((step) => ('plugin' in step ? [step.plugin] : [])));",
          '[]',
          '["Stryker was here"]',
        ],
      ]),
      ...inFile('src/engine/too-large-results.ts', [
        [': [],', '[]', '["Stryker was here"]'],
        ["'taskId' in task && !task.mandatory ? [task.taskId] : [],", '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/task-records.ts', [
        ['{ calledOffTasks = [], at }: JournalEntry,', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/route.ts', [
        ['{ choice: number = 0, tasks = [] }: Stop,', '[]', '["Stryker was here"]'],
      ]),
      ...inFile('src/core/sessions.ts', [
        ["if (!('taskId' in task)) return [];", '[]', '["Stryker was here"]'],
        [
          '{ jobs = {}, failedJobs = [], neverSentJobs = [], stage }: Begun,',
          '[]',
          '["Stryker was here"]',
        ],
      ]),
    ],
  },
  {
    reason:
      'An index that an order stands at is one of its workflow, and so is what was caught there.',
    mutants: [
      ...inFile('src/engine/ended-spans.ts', [
        [
          'const activity = workflow.activities[stage.activity]?.name ?? stage.activity;',
          'workflow.activities[stage.activity]?.name',
          'workflow.activities[stage.activity].name',
        ],
      ]),
      ...inFile('src/core/enough.ts', [
        [
          "return (stage === 'parallel' ? activities[activity]?.enough : undefined) ?? Infinity;",
          'activities[activity]?.enough',
          'activities[activity].enough',
        ],
      ]),
      ...inFile('src/core/failing.ts', [
        [
          "const onFailure = failed === 'choose' ? undefined : workflow.activities[activity]?.onFailure;",
          'workflow.activities[activity]?.onFailure',
          'workflow.activities[activity].onFailure',
        ],
        [
          "if (caught === undefined || onFailure?.then === 'continue') return goingOn;",
          'caught === undefined',
          'false',
        ],
        [
          "if (caught === undefined || onFailure?.then === 'continue') return goingOn;",
          'onFailure?.then',
          'onFailure.then',
        ],
      ]),
      ...inFile('src/core/retrying.ts', [
        [
          'const branches = workflow.choices?.[position.choice]?.choose ?? [];',
          '[]',
          '["Stryker was here"]',
        ],
        [
          'const branches = workflow.choices?.[position.choice]?.choose ?? [];',
          'workflow.choices?.[position.choice]?.choose',
          'workflow.choices?.[position.choice].choose',
        ],
        [
          'const branches = workflow.choices?.[position.choice]?.choose ?? [];',
          'workflow.choices?.[position.choice]',
          'workflow.choices[position.choice]',
        ],
      ]),
    ],
  },
  {
    reason: 'An instant of an event that has none is looked at by nobody.',
    mutants: [
      ...inFile('src/core/pausing.ts', [
        ["if (!('sentAt' in event)) return event;", "!('sentAt' in event)", 'false'],
      ]),
    ],
  },
  {
    reason: 'What is on the list and names no entry is of none, and is left out.',
    mutants: [
      ...inFile('src/core/commands-of.ts', [
        ['const { failedJobs = [] } = state;', '[]', '["Stryker was here"]'],
        ['const inStage = (stage?.tasks ?? []).flatMap((task) =>', '[]', '["Stryker was here"]'],
        [
          "task.status === 'failed' && task.job !== told ? [task] : [],",
          '[]',
          '["Stryker was here"]',
        ],
      ]),
      ...inFile('src/core/task-records.ts', [
        [
          "const { failedJobs = [] } = state as Partial<Pick<Standing, 'failedJobs'>>;",
          '[]',
          '["Stryker was here"]',
        ],
      ]),
    ],
  },
  {
    reason: 'Two plugins never have one name.',
    mutants: [
      ...inFile('src/core/stage.ts', [
        [
          'return participants.sort((a, b) => a.order - b.order || (a.plugin < b.plugin ? -1 : 1));',
          'a.plugin < b.plugin',
          'a.plugin <= b.plugin',
        ],
      ]),
    ],
  },
  {
    reason: 'Where nothing ended and nothing failed, the share is 0 / 0, which is no half.',
    mutants: [
      ...inFile('src/core/scaling.ts', [
        [
          'return attempts > 0 && failures / attempts >= FAILING_SHARE;',
          'attempts > 0',
          'attempts >= 0',
        ],
        ['return attempts > 0 && failures / attempts >= FAILING_SHARE;', 'attempts > 0', 'true'],
      ]),
    ],
  },
  {
    reason: 'Two lists that hold the same are compared, whatever that is.',
    mutants: [...inFile('src/core/repeats.ts', [['return [];', '[]', '["Stryker was here"]']])],
  },
  {
    reason:
      'A choice that cannot be made has failed before the others are, and stands there as a failed task.',
    mutants: [
      ...inFile('src/core/choosing.ts', [
        ["if (choice === undefined || 'error' in choice) return [task];", "'error'", '""'],
      ]),
    ],
  },
  {
    reason: 'No task of an order without a client has a turn, or waits for one.',
    mutants: [
      ...inFile('src/core/turns.ts', [
        [
          "if (client === undefined || hasEnded(state) || state.status === 'accepted') return [];",
          'client === undefined',
          'false',
        ],
        [
          "if (client === undefined || state.status !== 'running') return [];",
          'client === undefined',
          'false',
        ],
      ]),
    ],
  },
  {
    reason:
      "An order of a trial is no client's, and nobody retries it: it asks for no turns, and for no other version.",
    mutants: [
      ...inFile('src/engine/try-order.ts', [
        [
          'turns: { take: async (turns: readonly Turn[]) => turns },',
          '{ take: async (turns: readonly Turn[]) => turns }',
          '{}',
        ],
        [
          'turns: { take: async (turns: readonly Turn[]) => turns },',
          'async (turns: readonly Turn[]) => turns',
          '() => undefined',
        ],
        [
          'const workflows = { get: async () => context.workflow };',
          '{ get: async () => context.workflow }',
          '{}',
        ],
        [
          'const workflows = { get: async () => context.workflow };',
          'async () => context.workflow',
          '() => undefined',
        ],
      ]),
    ],
  },
  {
    reason:
      'Whatever fails there is left to the sweep that finds the order under its wake-up, and so is an order that is gone.',
    mutants: [
      ...inFile('src/engine/sweep.ts', [
        [
          'const state = (await ports.journal.latest(orderId))?.state;',
          '(await ports.journal.latest(orderId))?.state',
          '(await ports.journal.latest(orderId)).state',
        ],
        [
          'if (state !== undefined && hasEnded(state)) await finishEnded(orderId, state, ports);',
          'state !== undefined',
          'true',
        ],
      ]),
    ],
  },
  {
    reason: 'Any name will do that no span of the order has.',
    mutants: [
      ...inFile('src/engine/order-trace.ts', [
        ["const traceId = derived(order, ['trace']).slice(0, 32);", "['trace']", '[]'],
        ["const traceId = derived(order, ['trace']).slice(0, 32);", "'trace'", '""'],
      ]),
    ],
  },
  {
    reason: 'An id lies just at the ratio once in 2 ** 52 orders, and may then be on either side.',
    mutants: [
      ...inFile('src/engine/order-trace.ts', [
        [
          'return { traceId, sampled: shareOf(traceId) < ratio };',
          'shareOf(traceId) < ratio',
          'shareOf(traceId) <= ratio',
        ],
      ]),
    ],
  },
  {
    reason: 'Nobody asks what follows an undoing.',
    mutants: [...inFile('src/core/route.ts', [["case 'undo':", "'undo'", '""']])],
  },
  {
    reason: 'What is no text is no instant: the question is for the compiler.',
    mutants: [
      ...inFile('src/core/waiting.ts', [
        ["if ('waitSeconds' in step) return undefined;", "'waitSeconds' in step", 'false'],
        ["if ('waitSeconds' in step) return undefined;", "'waitSeconds'", '""'],
        [
          "const until = typeof text === 'string' ? instantIn(text) : undefined;",
          "typeof text === 'string'",
          'true',
        ],
      ]),
    ],
  },
  {
    reason: 'What else is due is planned: the question is for the compiler.',
    mutants: [
      ...inFile('src/core/starting.ts', [
        ["if (task.status !== 'planned') return task;", "task.status !== 'planned'", 'false'],
      ]),
    ],
  },
  {
    reason: 'In another stage nothing has been caught, and the order goes on as it is.',
    mutants: [
      ...inFile('src/core/progress.ts', [
        [
          "const after = order.stage.stage === 'onFailure' ? afterCatch(ended, draft) : ended;",
          "order.stage.stage === 'onFailure'",
          'true',
        ],
      ]),
    ],
  },
];

function inFile(
  file: string,
  mutants: readonly (readonly [line: string, was: string, becomes: string])[],
): readonly Mutant[] {
  return mutants.map(([line, was, becomes]) => ({ file, line, was, becomes }));
}
