import { expect } from '@jest/globals';
import type { Command } from '../../src/core/command.ts';
import { decide, placeOrder } from '../../src/core/decide.ts';
import type { Answer, Backlogs, Context, Decision, Question } from '../../src/core/deciding.ts';
import { notedIn } from '../../src/core/deciding.ts';
import { defined } from '../../src/core/defined.ts';
import type { OrderEvent, OrderPlaced } from '../../src/core/event.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Json } from '../../src/core/json.ts';
import type { Attributes, OrderState, ParentTask } from '../../src/core/order.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import { holds } from '../../src/core/repeats.ts';
import type { SliceOfList } from '../../src/core/slices.ts';
import { historyOf, tasksOf } from '../../src/core/task-records.ts';
import type { Workflow } from '../../src/core/workflow.ts';
import { needsHistory } from '../../src/engine/needs-history.ts';
import { createMemoryEvaluator } from '../ports/memory/evaluator.ts';

/** What an order runs on. What is left out: input 5, no attributes, no plugins, no client. */
export interface Setting {
  readonly workflow: Workflow;
  readonly plugins?: readonly Plugin[];
  readonly input?: Json;
  readonly attributes?: Attributes;
  readonly client?: string;
  /** The task that the order performs, if it is a child order. */
  readonly parent?: ParentTask;
  /** What it does of its parent's list, if it does a slice of one. */
  readonly slice?: SliceOfList;
  /** Later versions of the workflow. */
  readonly versions?: readonly Workflow[];
}

/** One decision each: an event, events that arrive in one batch, or a change of the registrations. */
export type Happening = OrderEvent | readonly OrderEvent[] | Registered | Behind | Full;

/** From here on these plugins are registered, and no others. */
export interface Registered {
  readonly plugins: readonly Plugin[];
}

/** From here on these plugins are behind: the oldest message of each one's queue was sent at that instant. */
export interface Behind {
  readonly backlogs: Readonly<Record<string, number>>;
}

/** From here on these plugins have no turn for the order's client, and all others have one. */
export interface Full {
  readonly full: readonly string[];
}

export interface Expected {
  readonly status: OrderState['status'];
  /** Each command in full or in part, in order; any when left out. */
  readonly commands?: readonly object[];
  /** Parts of the state after the events. */
  readonly state?: object;
}

/** An order to which something has happened: its journal, and the last decision. */
export interface Told {
  readonly journal: readonly JournalEntry[];
  readonly state: OrderState;
  readonly last: Decision;
}

/**
 * A test of the core in three parts: given what happened so far, when this happens, then the order stands so and sends
 * these commands. Questions that a decision asks are answered from the journal so far, expressions by the real evaluator.
 */
export function given(setting: Setting, ...past: readonly Happening[]) {
  const tell = (present: readonly OrderEvent[]) =>
    tellOf(setting, present.length === 0 ? past : [...past, present]);
  return {
    /** The order as the past left it. */
    told: () => tell([]),
    when: (...events: readonly OrderEvent[]) => ({
      told: () => tell(events),
      async then({ status, commands, state }: Expected): Promise<void> {
        const told = await tell(events);
        expect(told.state.status).toBe(status);
        if (commands !== undefined) expect(told.last.commands).toMatchObject(commands);
        if (state !== undefined) expect(told.state).toMatchObject(state);
      },
      /** The state stays the very same, nothing is to be stored, and every event says why it changed nothing. */
      async thenNothingHappens(reason: string): Promise<void> {
        const before = await tell([]);
        const after = await tell(events);
        expect(after.journal).toEqual(before.journal);
        expect(after.last.applied).toEqual([]);
        expect(after.last.ignored.map((one) => one.reason)).toEqual(events.map(() => reason));
      },
    }),
  };
}

async function tellOf(setting: Setting, happenings: readonly Happening[]): Promise<Told> {
  const { workflow } = setting;
  let plugins = setting.plugins ?? [];
  let backlogs: Backlogs = new Map();
  let full: readonly string[] = [];
  const placed = placedIn(setting);
  const first = stored(0, [placed], placeOrder(placed), {});
  let journal: readonly JournalEntry[] = [first];
  let last: Decision = {
    ...{
      state: first.state,
      at: 0,
      applied: [],
      leftOut: [],
      calledOff: [],
      calledOffTasks: [],
      verdicts: [],
      commands: [],
      ignored: [],
    },
  };
  for (const happening of happenings) {
    if ('plugins' in happening) {
      plugins = happening.plugins;
      continue;
    }
    if ('backlogs' in happening) {
      backlogs = new Map(Object.entries(happening.backlogs));
      continue;
    }
    if ('full' in happening) {
      full = happening.full;
      continue;
    }
    const events = 'type' in happening ? [happening] : happening;
    const context = { workflow, plugins: new Map(plugins.map((one) => [one.name, one])) };
    last = await decision(journal, events, context, {
      ...{ backlogs, full, versions: setting.versions },
    });
    if (last.state !== journal.at(-1)?.state) {
      journal = [...journal, stored(last.at, last.applied, last.state, notedIn(last))];
    }
  }
  const { state } = journal.at(-1) as JournalEntry;
  return { journal, state, last };
}

/** Runs one decision over the order's journal. */
export async function decision(
  journal: readonly JournalEntry[],
  events: readonly OrderEvent[],
  context: Context,
  known: Known = {},
): Promise<Decision> {
  const { state } = journal.at(-1) as JournalEntry;
  const deciding = decide(state, events, context);
  let step = deciding.next([]);
  while (!step.done) step = deciding.next(await answer(journal, step.value, known));
  return step.value;
}

/** What a decision may ask for beside the journal. */
interface Known {
  readonly backlogs?: Backlogs;
  readonly versions?: readonly Workflow[] | undefined;
  /** Plugins that have no turn left. Default: none. */
  readonly full?: readonly string[];
}

async function answer(
  journal: readonly JournalEntry[],
  question: Question,
  { backlogs = new Map(), versions = [], full = [] }: Known,
): Promise<Answer> {
  const { state } = journal.at(-1) as JournalEntry;
  switch (question.type) {
    case 'RecallHistory':
      return historyOf(journal);
    case 'RecallTasks':
      return tasksOf([...journal, question.entry]);
    case 'RecallWorkflow':
      return versions.find(({ version }) => version === question.version) as Workflow;
    case 'RecallEntries':
      return journal.filter((entry) => question.events.some((event) => holds(entry, event)));
    case 'AskBacklogs':
      return backlogs;
    case 'AskTurns':
      return new Set(
        question.turns.flatMap(({ plugin, taskId }) => (full.includes(plugin) ? [] : [taskId])),
      );
    case 'AskStanding':
      return true;
    case 'EvaluateExpressions': {
      const { expressions, payload, applied, elements, beside } = question;
      const { orderId, attributes } = state;
      const history = () => historyOf(journal, applied, beside);
      const looksBack = needsHistory(expressions) ? { history: history() } : {};
      const scope = { orderId, attributes, payload, ...looksBack, ...defined({ elements }) };
      return createMemoryEvaluator().evaluate(expressions, scope);
    }
  }
}

/** An entry as the journal gives it back: what JSON does not carry is gone. */
function stored(
  at: number,
  events: JournalEntry['events'],
  state: OrderState,
  noted: Pick<JournalEntry, 'leftOut' | 'calledOff' | 'calledOffTasks'>,
): JournalEntry {
  const entry = { orderId: state.orderId, number: state.entry, at, events, state, ...noted };
  return JSON.parse(JSON.stringify(entry)) as JournalEntry;
}

function placedIn(setting: Setting): OrderPlaced {
  const { workflow, input = 5, attributes = {}, client, parent, slice } = setting;
  const { name, version } = workflow;
  return {
    type: 'OrderPlaced',
    at: 0,
    orderId: 'o1',
    input,
    attributes,
    workflow: { name, version },
    fingerprint: 'f',
    ...defined({ client, parent, slice }),
  };
}

/** Names of the commands, for tests that care about which rather than what. */
export const typesOf = (commands: readonly Command[]): readonly string[] =>
  commands.map((command) => {
    if (command.type === 'DispatchTask') return `DispatchTask ${command.job}`;
    if (command.type === 'PublishLifecycle') return `PublishLifecycle ${command.fact.type}`;
    return command.type;
  });
