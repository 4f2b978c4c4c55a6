import type { Json } from '../../src/core/json.ts';
import type { Attributes } from '../../src/core/order.ts';
import type { Participation } from '../../src/core/plugin.ts';
import type {
  Activity,
  ActivityBranch,
  ActivityChoice,
  ChildStep,
  ChooseStep,
  OnFailure,
  PlainStep,
  PluginStep,
  Repeat,
  StageName,
  Step,
  WaitForStep,
  Workflow,
} from '../../src/core/workflow.ts';
import { activitiesOf, isTaskStep, performerOf } from '../../src/core/workflow.ts';
import { dueOf, withInstants } from './instants.ts';
import type { Chance } from './seed.ts';
import { chanceFrom, seedFor } from './seed.ts';
import type { PluginSettings } from './templates.ts';
import { pluginSettings } from './templates.ts';

/** How an attempt that fails does so. */
export type Manner = 'throws' | 'hangs' | 'dies' | 'freezes' | 'garbles';

/** What a plugin makes of its attempts. Its result is a function of its name and its input alone. */
export interface Behaviour {
  /** So many attempts fail before one succeeds; all of them when it fails for good. */
  readonly failsFirst: number;
  readonly failsForGood: boolean;
  /** It never does what is a multiple of this: a number, or the element that it is about. */
  readonly breaksOn?: number;
  readonly manner: Manner;
  readonly advice: 'policy' | 'never' | 'later';
  /** How long an attempt takes, at least and at most. */
  readonly workMs: readonly [number, number];
  /** How often it says that it goes on. */
  readonly beatsEveryMs?: number;
  /** Before it begins, it asks the API whether its attempt is still awaited. */
  readonly asksBeforeStart: boolean;
  /** What its result holds beside the words of the model, in bytes. */
  readonly padding: number;
  /** While it is sick, every attempt that begins fails in this manner. Milliseconds since the world began. */
  readonly sick?: { readonly fromMs: number; readonly untilMs: number; readonly manner: Manner };
  /** It leaves some of its tasks to somebody else, who takes so long, at least and at most. */
  readonly defers?: { readonly share: number; readonly withinMs: readonly [number, number] };
  /** How it undoes what it did, if it can. */
  readonly undoing?: { readonly failsFirst: number; readonly failsForGood: boolean };
}

export interface ScenarioOrder {
  readonly orderId: string;
  readonly input: Json;
  readonly attributes: Attributes;
  readonly client?: string;
}

/** The plugin is registered anew, with another bound or none. */
export interface ScenarioRegistration {
  readonly plugin: string;
  readonly tasksPerClient?: number;
  /** Since the world began. */
  readonly afterMs: number;
}

/** An event from outside: for whoever waits for its type under the key, or for one order alone. */
export interface ScenarioEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly key?: string;
  readonly orderId?: string;
  readonly data: Json;
  /** Since the world began. */
  readonly afterMs: number;
}

/** What a world is about: each makes other troubles likely. */
export type Theme =
  | 'ordinary'
  | 'deadlines'
  | 'heartbeats'
  | 'crashes'
  | 'sizes'
  | 'waits'
  | 'wide'
  | 'failures'
  | 'each'
  | 'slices'
  | 'branches'
  | 'ways'
  | 'rounds'
  | 'enough'
  | 'ordered'
  | 'callbacks'
  | 'quarantine'
  | 'children'
  | 'events'
  | 'clients';

/** How often each is chosen. */
export const THEMES: readonly Theme[] = [
  'ordinary',
  'ordinary',
  'ordinary',
  'ordinary',
  'deadlines',
  'deadlines',
  'crashes',
  'crashes',
  'heartbeats',
  'sizes',
  'waits',
  'wide',
];

export interface Scenario {
  readonly seed: number;
  readonly theme: Theme;
  readonly workflow: Workflow;
  /** Workflows whose orders are children of its orders, or of each other's. */
  readonly children: readonly Workflow[];
  readonly plugins: readonly PluginSettings[];
  readonly behaviours: Readonly<Record<string, Behaviour>>;
  /** What comes from outside, whether or not an order waits for it. */
  readonly events: readonly ScenarioEvent[];
  /** While the world goes on. */
  readonly registrations: readonly ScenarioRegistration[];
  /** Placed in one request each. */
  readonly requests: readonly (readonly ScenarioOrder[])[];
  /** Entries are kept for so long. */
  readonly retentionDays: number;
  /** Somebody cancels single tasks of its orders. */
  readonly cancelsTasks: boolean;
  /** Somebody looks after its orders: pauses some, and retries, skips or cancels what has failed. */
  readonly isOperated: boolean;
  /** The subscriptions are older than SNS needs to spread their filters. */
  readonly isSettled: boolean;
  /** The batching window of the orchestrator. */
  readonly windowSeconds: number;
}

/** Named in workflows; Ghost is registered nowhere. */
const NAMED = ['P1', 'P2', 'P3', 'P4'];
/** Registered for stages, and sometimes named as well. */
const JOINING = ['E1', 'E2', 'E3'];
const GHOST = 'Ghost';
/** Workflows of child orders; of the third none is stored. */
const [FIRST, SECOND, MISSING] = ['c1', 'c2', 'c3'];
const STAGE_NAMES: readonly StageName[] = ['pre', 'parallel', 'post'];

/** An expression fails only when its task is reached, as its error says. */
const WHENS = ['attributes.kind = "a"', '$exists($jobs.P1)', 'true', '$error("no")'];
const INPUTS: readonly Json[] = [
  'payload',
  'input',
  null,
  { was: 'payload', first: 'input', p1: '$jobs.P1.result', always: [1, '"one"'] },
  '$error("no")',
];

/** Worlds of any of these have clients whose tasks are bounded. */
const THEMES_OF_CLIENTS: readonly Theme[] = [
  ...(['ordinary', 'deadlines', 'crashes', 'failures', 'callbacks', 'quarantine'] as const),
  ...(['each', 'ordered', 'ordinary', 'enough'] as const),
];

/** Workflows, plugins that behave well or badly, and orders. */
export function scenarioFrom(seed: number, orders: number, theme: Theme): Scenario {
  if (theme !== 'clients') return scenarioOf(seed, orders, theme);
  const chance = chanceFrom(seedFor(seed, 'clients'));
  return withClients(scenarioOf(seed, orders, chance.pick(THEMES_OF_CLIENTS)), chance);
}

/** One client has most of the orders, another some, and some are nobody's. Most plugins take few tasks of one client at once. */
function withClients(scenario: Scenario, chance: Chance): Scenario {
  const most = chance.pick([1, 1, 2, 3]);
  const plugins = scenario.plugins.map((settings) => {
    if (chance.happens(0.15)) return settings;
    return { ...settings, definition: { ...settings.definition, tasksPerClient: most } };
  });
  const requests = scenario.requests.map((request) =>
    request.map((order) => {
      const client = chance.pick(['big', 'big', 'big', 'big', 'big', 'small', 'small', '']);
      return client === '' ? order : { ...order, client };
    }),
  );
  const changed = plugins.filter(
    ({ definition }) => definition.tasksPerClient !== undefined && chance.happens(0.15),
  );
  const registrations = changed.map(({ definition: { name } }): ScenarioRegistration => {
    const afterMs = chance.below(chance.pick([10_000, 60_000]));
    const bound = chance.pick([1, 2, 5, 0]);
    return { plugin: name, afterMs, ...(bound > 0 && { tasksPerClient: bound }) };
  });
  return { ...scenario, plugins, requests, registrations };
}

function scenarioOf(seed: number, orders: number, theme: Theme): Scenario {
  const chance = chanceFrom(seedFor(seed, 'scenario'));
  const activities =
    theme !== 'children' && theme !== 'events' && chance.happens(0.25) && theme !== 'wide'
      ? todo(chance)
      : staged(chance, theme);
  const names = [...NAMED, ...JOINING];
  const behaviours = Object.fromEntries(names.map((name) => [name, behaviour(chance, theme)]));
  // Drawn apart, so that seeds play what they always played.
  const newcomers = chanceFrom(seedFor(seed, 'newcomers'));
  const sessions = chanceFrom(seedFor(seed, 'sessions'));
  const windows = chanceFrom(seedFor(seed, 'windows'));
  const hasWindows = windows.happens(0.25);
  const windowSeconds = () => (hasWindows ? windows.pick([0, 1, 1, 5, 20]) : 0);
  const plugins = names.map((name) =>
    pluginOf(
      ...([name, behaviours[name] as Behaviour, chance, theme, newcomers.happens(0.2)] as const),
      sessions.happens(0.6) ? { stateful: true } : {},
      // An attempt's time runs while its task waits for others: a short one would fail, which the model does not expect.
      theme === 'deadlines' ? 0 : windowSeconds(),
    ),
  );
  const instants = chanceFrom(seedFor(seed, 'instants'));
  const hasInstants = theme === 'waits' || theme === 'ways';
  const waiting = (workflow: Workflow) =>
    hasInstants
      ? { ...workflow, activities: withInstants(workflow.activities, instants) }
      : workflow;
  const due = (order: ScenarioOrder): ScenarioOrder =>
    hasInstants ? { ...order, attributes: { ...order.attributes, ...dueOf(instants) } } : order;
  return {
    ...{ seed, theme, plugins, behaviours, registrations: [] },
    workflow: waiting(workflowOf(chance, theme, activities)),
    children: theme === 'children' ? childrenOf(chance) : [],
    events: theme === 'events' ? eventsOf(seed, orders) : [],
    cancelsTasks: theme === 'enough',
    isOperated:
      isTroubled(theme) || theme === 'quarantine' || (theme === 'callbacks' && chance.happens(0.5)),
    requests: requestsOf(chance, theme, orders).map((request) => request.map(due)),
    retentionDays: theme === 'waits' ? chance.pick([2, 30]) : 30,
    isSettled: chance.happens(0.75),
    windowSeconds: windowSeconds(),
  };
}

function workflowOf(chance: Chance, theme: Theme, plain: readonly Activity[]): Workflow {
  const workflow = { name: 'w', version: 1, on: [], activities: plain };
  if (!isTroubled(theme)) return workflow;
  const activities = plain.map((activity) => ({
    ...activity,
    ...(chance.happens(0.25) && { onFailure: onFailure(chance, theme) }),
    ...(isRepeated(theme, chance) && { repeat: repeat(chance) }),
    ...(theme === 'enough' && chance.happens(0.8) && enough(activity, chance)),
  }));
  const choices = theme === 'ways' ? choicesAmong(chance, 0, activities.length) : [];
  const pivots = activities.filter((_, at) => !choices.some((one) => isWithin(one, at)));
  return {
    ...{ ...workflow, activities },
    ...(choices.length > 0 && { choices }),
    ...(pivots.length > 0 && chance.happens(0.2) ? { pivot: chance.pick(pivots).name } : {}),
    ...(chance.happens(0.2) ? { pauseOnFailure: true } : {}),
  };
}

function isRepeated(theme: Theme, chance: Chance): boolean {
  return (theme === 'rounds' && chance.happens(0.7)) || (theme === 'ways' && chance.happens(0.15));
}

/** Choices among the activities of this part of the list, some of them within each other. */
function choicesAmong(chance: Chance, first: number, end: number): readonly ActivityChoice[] {
  const choices: ActivityChoice[] = [];
  for (let at = first; at < end; ) {
    if (chance.happens(0.35)) {
      at += 1;
      continue;
    }
    const before = at;
    const inner: ActivityChoice[] = [];
    const choose: ActivityBranch[] = [];
    const most = chance.between(1, 3);
    for (let branch = 1; branch <= most && at < end; branch += 1) {
      const activities = chance.between(1, Math.min(3, end - at));
      if (chance.happens(0.4)) inner.push(...choicesAmong(chance, at, at + activities));
      at += activities;
      const isLast = (branch === most || at === end) && chance.happens(0.6);
      choose.push({
        ...(!isLast && { when: chance.pick([...WHENS, ...WHENS.slice(0, 2)]) }),
        activities,
      });
    }
    choices.push({ before, choose }, ...inner);
  }
  return choices;
}

function isWithin({ before, choose }: ActivityChoice, activity: number): boolean {
  const end = choose.reduce((sum, { activities }) => sum + activities, before);
  return before <= activity && activity < end;
}

/** Fewer than there are, or as many; now and then an activity is repeated as well. */
function enough({ parallel }: Activity, chance: Chance): Partial<Activity> {
  if (parallel.length === 0) return {};
  const hasMore = parallel.some((one) => 'everyone' in one || 'forEach' in one);
  const most = hasMore ? parallel.length + 2 : parallel.length;
  return {
    enough: chance.between(1, most),
    ...(chance.happens(0.15) && { repeat: repeat(chance) }),
  };
}

function repeat(chance: Chance): Repeat {
  const until = chance.pick(['$exists($jobs.`P1#2`)', '$exists($jobs.`P1#2`)', ...WHENS]);
  return { until, max: chance.between(2, 4) };
}

/** The first may have children of the second. They do not pause when they fail: nobody looks after them but their parents. */
function childrenOf(chance: Chance): readonly Workflow[] {
  const second = { ...workflowOf(chance, 'failures', staged(chance, 'failures')), name: SECOND };
  const first = { ...workflowOf(chance, 'failures', staged(chance, 'children')), name: FIRST };
  const activities = first.activities.map((activity) => ({
    ...activity,
    ...{ pre: activity.pre.map(below), parallel: activity.parallel.map(below) },
    post: activity.post.map(below),
  }));
  return [{ ...first, activities }, second].map(({ pauseOnFailure: _, ...workflow }) => workflow);
}

/** The step, with children of the second workflow if with any. */
function below(step: Step): Step {
  if (!('choose' in step)) return 'workflow' in step ? { ...step, workflow: SECOND } : step;
  const choose = step.choose.map(({ steps, ...branch }) => ({
    ...{ ...branch, steps: steps.map((one) => below(one) as PlainStep) },
  }));
  return { choose };
}

const TROUBLED: readonly Theme[] = [
  ...(['failures', 'each', 'slices', 'branches', 'ways', 'rounds', 'enough'] as const),
  ...(['children', 'events'] as const),
];

/** Orders fail, are caught, undone and retried. */
function isTroubled(theme: Theme): boolean {
  return TROUBLED.includes(theme);
}

function onFailure(chance: Chance, theme: Theme): OnFailure {
  const plugins = Array.from({ length: chance.between(1, 2) }, () => ({
    ...(theme === 'children' && chance.happens(0.3)
      ? { workflow: SECOND }
      : { plugin: chance.pick([...NAMED, ...NAMED, GHOST]) }),
    ...(chance.happens(0.3) ? { mandatory: false } : {}),
  }));
  return { plugins, then: chance.pick(['continue', 'fail']) };
}

/** How a plugin undoes what it did; most can. */
function undoing(chance: Chance, theme: Theme): Pick<Behaviour, 'undoing'> {
  if (chance.happens(0.4)) return {};
  const failsFirst = chance.happens(0.25) ? chance.between(1, 3) : 0;
  // What never works would be parked for ever.
  const failsForGood = chance.happens(0.1) && theme !== 'quarantine';
  return { undoing: { failsFirst, failsForGood } };
}

function behaviour(chance: Chance, theme: Theme): Behaviour {
  const manners: readonly Manner[] =
    theme === 'crashes' || theme === 'ordered'
      ? ['throws', 'hangs', 'dies', 'dies', 'freezes']
      : theme === 'callbacks'
        ? ['throws', 'hangs']
        : ['throws', 'throws', 'garbles'];
  const slow: readonly [number, number] =
    theme === 'deadlines'
      ? chance.pick([
          [1, 300],
          [500, 8000],
          [5000, 40_000],
        ])
      : theme === 'heartbeats'
        ? chance.pick([
            [1, 300],
            [8000, 20_000],
          ])
        : // Large answers that come at the same moment have to share an entry.
          [1, theme === 'sizes' ? 20 : chance.pick([20, 300, 2000])];
  return {
    failsFirst: chance.happens(0.25) ? chance.between(1, 2) : 0,
    failsForGood: chance.happens(isTroubled(theme) ? 0.15 : 0.07) && theme !== 'quarantine',
    manner: chance.pick(manners),
    advice: chance.pick(['policy', 'never', 'later']),
    workMs: slow,
    ...(theme === 'heartbeats' ? { beatsEveryMs: 1000 } : {}),
    asksBeforeStart: chance.happens(0.25),
    padding:
      theme === 'sizes' ? chance.pick([0, 1000, 60_000, 110_000, 150_000, 700_000, 5_300_000]) : 0,
    ...(isTroubled(theme) || theme === 'quarantine' || theme === 'callbacks'
      ? undoing(chance, theme)
      : {}),
    ...(theme === 'callbacks' && chance.happens(0.8) ? defers(chance) : {}),
    ...(theme === 'enough' && chance.happens(0.25) ? defers(chance) : {}),
    ...(theme === 'quarantine' && chance.happens(0.4) ? sick(chance) : {}),
    ...(theme === 'slices' && chance.happens(0.5) ? { breaksOn: chance.pick([7, 40, 60]) } : {}),
  };
}

/** Some answer before their plugin has said that it leaves the task to them. */
function defers(chance: Chance): Pick<Behaviour, 'defers'> {
  const withinMs = chance.pick<readonly [number, number]>([
    [0, 100],
    [1000, 60_000],
    [0, 900_000],
  ]);
  return { defers: { share: chance.pick([0.3, 1]), withinMs } };
}

/** For some minutes or for half a day, from nearly the beginning. */
function sick(chance: Chance): Pick<Behaviour, 'sick'> {
  const fromMs = chance.below(chance.pick([500, 5000, 60_000]));
  const lastsMs = chance.pick([20_000, 300_000, 4_000_000, 40_000_000]);
  const manner = chance.pick<Manner>(['throws', 'throws', 'throws', 'hangs', 'dies']);
  return { sick: { fromMs, untilMs: fromMs + lastsMs, manner } };
}

/** Small numbers, since worlds are small. */
function quarantine(chance: Chance, theme: Theme, beginsWithCanary: boolean) {
  // What never works would be parked for ever.
  if (theme !== 'quarantine') return false;
  return {
    minimumOrders: chance.pick([2, 2, 3, 5]),
    failureRatio: chance.pick([0.3, 0.5, 0.9]),
    windowSeconds: chance.pick([60, 300, 3600]),
    canaryAfterSeconds: chance.pick([1, 10, 60]),
    ...(beginsWithCanary && { beginsWithCanary }),
  };
}

function pluginOf(
  plugin: string,
  { failsFirst, failsForGood, workMs, undoing }: Behaviour,
  chance: Chance,
  theme: Theme,
  beginsWithCanary: boolean,
  stateful: { readonly stateful?: true },
  windowSeconds: number,
): PluginSettings {
  const longest = Math.ceil(workMs[1] / 1000) + 3;
  const timeout = Math.max(longest, chance.pick([3, 6, 10, 30]));
  // Attempts to spare, so that no timeout uses them up; or none, since what merely came again is no attempt.
  // Where somebody retries, attempts may run out before the plugin has come round.
  const attempts = isTroubled(theme) ? Math.max(1, failsFirst) : failsFirst + 1;
  const hasFew = theme === 'crashes' || theme === 'callbacks' || isTroubled(theme);
  const spare = hasFew ? chance.below(3) : chance.happens(0.3) ? 0 : 57;
  const timeoutSeconds =
    theme === 'deadlines'
      ? Math.max(timeout, chance.pick([40, 60, 100, 700, 3600, 4 * 3600]))
      : chance.pick([3600, 3600, 2 * 3600]);
  const isOrdered = theme === 'ordered' && NAMED.includes(plugin);
  const settings = {
    plugin,
    ...(isOrdered && { ordered: 'attributes.kind', ...stateful }),
    joins: JOINING.includes(plugin)
      ? Array.from({ length: chance.between(1, 5) }, () => participation(chance))
      : [],
    history: chance.happens(theme === 'sizes' ? 0.1 : 0.25),
    compensates: undoing !== undefined,
    timeoutSeconds,
    ...(beats(theme, undoing !== undefined, chance)
      ? { heartbeatSeconds: chance.pick([4, 7, 60]) }
      : {}),
    totalSeconds: 10_000_000,
    quarantine: quarantine(chance, theme, beginsWithCanary),
    retry: {
      maxAttempts: attempts + (failsForGood ? 0 : spare),
      backoffSeconds: chance.pick([0, 1, 2, 8]),
      maxBackoffSeconds: chance.pick([10, 10, 70]),
    },
    concurrency: theme === 'heartbeats' ? 2 : chance.pick([2, 5, 10]),
    batchSize: chance.pick(theme === 'heartbeats' ? [1, 2, 10] : [1, 5, 10, 10]),
  };
  const batchingWindowSeconds = isOrdered || settings.batchSize === 1 ? 0 : windowSeconds;
  return pluginSettings(timeout, { ...settings, batchingWindowSeconds });
}

/** One that is given up for its silence and completes all the same is undone: the model knows of no job that fails and completes. */
function beats(theme: Theme, undoes: boolean, chance: Chance): boolean {
  if (theme === 'callbacks') return !undoes && chance.happens(0.25);
  return theme === 'heartbeats' && chance.happens(0.7);
}

function participation(chance: Chance): Omit<Participation, 'filter'> & { filter?: object } {
  return {
    activity: chance.pick(['a1', 'a2', 'a3']),
    stage: chance.pick(STAGE_NAMES),
    ...(chance.happens(0.25) ? { workflow: chance.pick(['w', 'another']) } : {}),
    order: chance.below(3),
    mandatory: chance.happens(0.5),
    ...(chance.happens(0.25)
      ? { filter: chance.pick([{ kind: ['a'] }, { kind: [{ 'anything-but': 'a' }] }]) }
      : {}),
  };
}

function staged(chance: Chance, theme: Theme): readonly Activity[] {
  const count = theme === 'ways' ? chance.between(2, 8) : chance.between(1, 3);
  const activities = Array.from({ length: count }, (_, index) => ({
    name: `a${index + 1}`,
    pre: stage(chance, theme, theme === 'ways' ? 2 : 3),
    parallel: withLists(parallelStage(chance, theme), chance, theme),
    post: stage(chance, theme, theme === 'ways' ? 1 : 3),
  }));
  const busy = activities.filter(
    ({ pre, parallel, post }) => pre.length + parallel.length + post.length > 0,
  );
  return busy.length > 0 ? busy : [{ name: 'a1', pre: [{ plugin: 'P1' }], parallel: [], post: [] }];
}

/**
 * Where most tasks are needed, some fail until somebody retries the order, and then ask for jobs again that have been done meanwhile: the
 * model knows of none. So these do not ask.
 */
function parallelStage(chance: Chance, theme: Theme): readonly Step[] {
  const steps = stage(chance, theme, mostInParallel(theme, chance));
  return theme === 'enough' ? steps.map(withoutJobs) : steps;
}

function withoutJobs(step: Step): Step {
  if (!('plugin' in step)) return step;
  const { when, input, ...rest } = step;
  const asks = (expression: Json | undefined) => JSON.stringify(expression ?? '').includes('$jobs');
  return {
    ...rest,
    ...(when !== undefined && !asks(when) && { when }),
    ...(input !== undefined && !asks(input) && { input }),
  };
}

const LISTS = ['[1, "two", null]', '[1, "two", null]', '[1..12]', '[]', '[payload]', 'payload'];
const INPUTS_OF_ELEMENTS: readonly Json[] = [
  '$element',
  { is: '$element', at: '$index', was: 'payload' },
  '$error("no")',
];

/** Some steps of plugins that stand once in the stage are for each element of a list. */
function withLists(steps: readonly Step[], chance: Chance, theme: Theme): readonly Step[] {
  if (theme === 'children') {
    return steps.map((step, index) =>
      'workflow' in step && index === 0 && chance.happens(0.4)
        ? { workflow: step.workflow, forEach: '[1, "two", null]', tolerate: chance.pick([0, 1]) }
        : step,
    );
  }
  if (theme === 'events') return steps.map((step) => eachEvent(step, steps, chance));
  if (theme === 'slices') return withLongList(steps, chance);
  if (theme !== 'each' && theme !== 'enough') return steps;
  return steps.map((step) => {
    if (!('plugin' in step) || chance.happens(theme === 'each' ? 0.3 : 0.7)) return step;
    const { input: _, ...rest } = step;
    const isAlone = steps.filter((one) => 'plugin' in one && one.plugin === rest.plugin).length < 2;
    return isAlone ? { ...rest, ...forEach(chance) } : step;
  });
}

/** The first step of a plugin that stands once in the stage is for each element of a list that is cut into slices. */
function withLongList(steps: readonly Step[], chance: Chance): readonly Step[] {
  const isAlone = (step: Step) =>
    'plugin' in step &&
    steps.filter((one) => 'plugin' in one && one.plugin === step.plugin).length < 2;
  const long = steps.find(isAlone);
  if (long === undefined) return steps;
  const { input: _, ...rest } = long as PluginStep;
  const bounded = { concurrency: chance.pick([1, 2, 30, 70]), tolerate: '100%' };
  const terms = {
    forEach: chance.pick(LONG_LISTS),
    ...(chance.happens(0.4) ? bounded : { tolerate: chance.pick([0, 1, 3, '10%', '100%']) }),
    ...(chance.happens(0.5) ? { input: chance.pick(INPUTS_OF_ELEMENTS) } : {}),
  };
  return steps.map((step) => (step === long ? { ...rest, ...terms } : step));
}

const LONG_LISTS = ['[1..51]', '[1..60]', '[1..60]', '[1..120]'];

/**
 * A bounded step tolerates all failures: which of its tasks begin before too many have failed is a matter of time, and the model knows
 * of none.
 */
function forEach(chance: Chance): Partial<PluginStep> {
  const bounded = { concurrency: chance.between(1, 4), tolerate: '100%' };
  const tolerant = { tolerate: chance.pick([0, 1, '40%', '100%']) };
  return {
    forEach: chance.pick(LISTS),
    ...(chance.happens(0.5) ? bounded : tolerant),
    ...(chance.happens(0.4) ? { input: chance.pick(INPUTS_OF_ELEMENTS) } : {}),
  };
}

function mostInParallel(theme: Theme, chance: Chance): number {
  if (theme === 'ways') return 1;
  if (theme === 'wide') return chance.pick([12, 25, 40]);
  return theme === 'sizes' || theme === 'enough' ? 5 : 3;
}

function stage(chance: Chance, theme: Theme, most = 3): readonly Step[] {
  const steps: Step[] = Array.from({ length: chance.between(0, most) }, () => step(chance, theme));
  if (chance.happens(0.4)) steps.splice(chance.below(steps.length + 1), 0, { everyone: true });
  return steps;
}

function step(chance: Chance, theme: Theme): Step {
  if (theme === 'branches' && chance.happens(0.5)) return choice(chance, theme);
  if (theme === 'children' && chance.happens(0.1)) return choice(chance, theme);
  return plainStep(chance, theme);
}

function choice(chance: Chance, theme: Theme): ChooseStep {
  const steps = () => Array.from({ length: chance.between(1, 2) }, () => plainStep(chance, theme));
  const branches = Array.from({ length: chance.between(0, 3) }, () => ({
    when: chance.pick([...WHENS, ...WHENS.slice(0, 2)]),
    steps: steps(),
  }));
  const isLast = branches.length === 0 || chance.happens(0.6);
  return { choose: isLast ? [...branches, { steps: steps() }] : branches };
}

function plainStep(chance: Chance, theme: Theme): PlainStep {
  if (chance.happens(theme === 'waits' ? 0.4 : 0.1)) {
    const waits = theme === 'waits' ? [3, 1000, 7200, 3 * 86_400, 5 * 86_400] : [3, 100, 1000];
    return { waitSeconds: chance.pick(waits) };
  }
  if (theme === 'children' && chance.happens(0.25)) return childStep(chance);
  if (theme === 'events' && chance.happens(0.4)) return waitForStep(chance);
  return pluginStep(chance, theme);
}

/** One is called as a plugin is. */
const EVENT_TYPES = ['e1', 'e1', 'e2', 'P4'];
const KEYS = ['k1', 'k2', '3'];

function waitForStep(chance: Chance): WaitForStep {
  const keys = ['attributes.key', 'attributes.key', 'attributes.key', '"k1"', 'payload'];
  const key = chance.happens(0.25) ? {} : { key: chance.pick(keys) };
  return {
    waitFor: { event: chance.pick(EVENT_TYPES), ...key },
    ...(chance.happens(0.25) ? { mandatory: false } : {}),
    ...(chance.happens(0.2) ? { when: chance.pick(WHENS.slice(0, 3)) } : {}),
    timeoutSeconds: chance.pick([30, 600, 3600, 2 * 86_400]),
  };
}

/** A step that waits for one event of its type becomes one that waits for three. */
function eachEvent(step: Step, steps: readonly Step[], chance: Chance): Step {
  if (!('waitFor' in step) || chance.happens(0.5)) return step;
  const alike = steps.filter((one) => isTaskStep(one) && performerOf(one) === performerOf(step));
  if (alike.length > 1) return step;
  return { ...step, forEach: '[1, "two", null]', tolerate: chance.pick([0, 1, '100%']) };
}

/** Early and late, more than are waited for and fewer, of keys that several orders wait under, and of some that none does. */
function eventsOf(seed: number, orders: number): readonly ScenarioEvent[] {
  const chance = chanceFrom(seedFor(seed, 'events'));
  return Array.from({ length: chance.between(0, 4 * orders) }, (_, index): ScenarioEvent => {
    const eventId = `v${index + 1}`;
    const afterMs = chance.below(
      chance.pick([6000, 12_000, 60_000, 900_000, 4_000_000, 100_000_000]),
    );
    const isAlone = chance.happens(0.4);
    const key = !isAlone || chance.happens(0.3) ? { key: chance.pick(KEYS) } : {};
    const data: Json = chance.happens(0.05)
      ? { eventId, text: noise(eventId, 600_000) }
      : { eventId };
    return {
      ...{ eventId, eventType: chance.pick(EVENT_TYPES), ...key, data, afterMs },
      ...(isAlone && { orderId: `o${chance.between(1, orders)}` }),
    };
  });
}

function childStep(chance: Chance): ChildStep {
  const workflows = [FIRST, FIRST, FIRST, SECOND, SECOND, SECOND, MISSING] as const;
  return {
    workflow: chance.pick(workflows),
    ...(chance.happens(0.25) ? { mandatory: false } : {}),
    ...(chance.happens(0.2) ? { when: chance.pick(WHENS.slice(0, 3)) } : {}),
    ...(chance.happens(0.25) ? { input: chance.pick(INPUTS) } : {}),
  };
}

function pluginStep(chance: Chance, theme: Theme): PluginStep {
  const die = chance.below(16);
  const plugin = die < 12 ? chance.pick(NAMED) : die < 15 ? chance.pick(JOINING) : GHOST;
  return {
    plugin,
    ...(chance.happens(0.25) ? { mandatory: false } : {}),
    ...(chance.happens(0.25) ? { when: chance.pick([...WHENS, ...WHENS.slice(0, 3)]) } : {}),
    ...(chance.happens(0.25) ? { input: chance.pick([...INPUTS, ...INPUTS.slice(0, 4)]) } : {}),
    ...(chance.happens(0.25) ? { retry: { backoffSeconds: 0 } } : {}),
    ...(theme === 'deadlines' && chance.happens(0.3)
      ? { timeoutSeconds: chance.pick([20, 50, 100, 7200]) }
      : {}),
  };
}

function todo(chance: Chance): readonly Activity[] {
  const places = Array.from({ length: chance.between(1, 6) }, () =>
    chance.happens(0.5)
      ? chance.pick(NAMED)
      : Array.from({ length: chance.between(1, 4) }, () => chance.pick(NAMED)),
  );
  return activitiesOf(places);
}

function requestsOf(chance: Chance, theme: Theme, orders: number) {
  const requests: ScenarioOrder[][] = [];
  for (let number = 1; number <= orders; ) {
    const size = Math.min(orders - number + 1, chance.happens(0.6) ? 1 : chance.between(2, 12));
    requests.push(
      Array.from({ length: size }, (_, index) => orderOf(`o${number + index}`, chance, theme)),
    );
    number += size;
  }
  return requests;
}

function orderOf(orderId: string, chance: Chance, theme: Theme): ScenarioOrder {
  const kind = chance.happens(theme === 'ordered' ? 0.9 : 0.5)
    ? { kind: chance.pick(['a', 'b']) }
    : {};
  const poison =
    theme === 'crashes' && chance.happens(0.15)
      ? { poison: chance.pick([...NAMED, ...JOINING]) }
      : {};
  const input: Json =
    theme === 'sizes' && chance.happens(0.3)
      ? { text: noise(`${orderId}`, chance.pick([1000, 50_000, 120_000])) }
      : chance.pick<Json>([chance.below(10), null, { a: [1] }]);
  const key = theme === 'events' ? { key: chance.pick(['k1', 'k2', 3]) } : {};
  return { orderId, input, attributes: { ...kind, ...poison, ...key } };
}

/** Deflate looks back 32 KB: what repeats after more packs no better than what never repeats. */
const BLOCK = 48_000;

const blocks = new Map<string, string>();

/** Letters that do not pack well; the same for the same name. */
export function noise(name: string, bytes: number): string {
  const known = blocks.get(name) ?? blockOf(name);
  if (blocks.size > 500) blocks.clear();
  blocks.set(name, known);
  return known.repeat(Math.ceil(bytes / BLOCK)).slice(0, bytes);
}

function blockOf(name: string): string {
  const { below } = chanceFrom(seedFor(BLOCK, name));
  const letters = Buffer.alloc(BLOCK);
  for (let index = 0; index < BLOCK; index += 1) letters[index] = LETTERS[below(64)] ?? 0;
  return letters.toString('latin1');
}

const LETTERS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
