import type { Json } from '../../src/core/json.ts';
import type { Attributes } from '../../src/core/order.ts';
import type { Participation } from '../../src/core/plugin.ts';
import type {
  Activity,
  ActivityBranch,
  ActivityChoice,
  ChooseStep,
  PluginStep,
  Repeat,
  StageName,
  Step,
  TaskStep,
  WaitForStep,
  WaitUntilStep,
  Workflow,
} from '../../src/core/workflow.ts';
import { MAX_RESULT_BYTES } from '../../src/sdk/result.ts';
import { instantOf } from './instants.ts';
import type { Behaviour, Scenario } from './scenario.ts';
import { noise } from './scenario.ts';

/** How an order must end, and the jobs that must have been done by then. */
export interface Ending {
  readonly status: 'completed' | 'failed';
  readonly result?: Json;
  /** The job that failed. */
  readonly task?: string;
  readonly jobs: Record<string, { input: Json; result: Json }>;
}

/** What a task of a step with `forEach` is for. */
interface Element {
  readonly value: Json;
  readonly index: number;
}

const broken = new Error('no');

/** What the model has to know of a world. */
export interface Setting extends Pick<Scenario, 'workflow' | 'children' | 'plugins'> {
  readonly behaviours: Readonly<
    Record<string, Pick<Behaviour, 'failsForGood' | 'breaksOn' | 'padding'>>
  >;
}

/** A step that does something, or may fail. Of a wait for a while the model knows nothing. */
type TakenStep = TaskStep | ChooseStep | WaitUntilStep;

function isTask(step: Step): step is TaskStep {
  return 'plugin' in step || 'workflow' in step || 'waitFor' in step;
}

function isTaken(step: Step): step is TaskStep | WaitUntilStep {
  return isTask(step) || 'waitUntil' in step;
}

interface Given {
  readonly input: Json;
  readonly attributes: Attributes;
}

/**
 * Jobs that failed although their plugin would have done them, for a reason that the world knows. `bytes` tells how much the payload and
 * the inputs of those take that begin together with the job.
 */
export type Excused = (job: string, bytes: () => number) => boolean;

/** By job: what a person skipped it with, `{}` for nothing. */
export type Skips = ReadonlyMap<string, Skip>;

export interface Skip {
  readonly result?: Json;
  /** Later tasks of the row that had begun by then, and are not begun again: they know nothing of the result. */
  readonly overtakenBy?: readonly string[];
  /** One of them goes on with what it was sent, or has handed on a result of its own. */
  readonly comesTooLate?: boolean;
}

/** How many activities the branches have. */
function sizeOf(branches: readonly ActivityBranch[]): number {
  return branches.reduce((sum, { activities }) => sum + activities, 0);
}

function nameOf(step: TaskStep): string {
  if ('plugin' in step) return step.plugin;
  return 'workflow' in step ? step.workflow : step.waitFor.event;
}

/** Whether the plugin never does what it is given: a multiple of a number, or something about one. */
export function breaksOn({ breaksOn: factor }: Pick<Behaviour, 'breaksOn'>, input: Json): boolean {
  const about = typeof input === 'object' && input !== null && 'is' in input ? input.is : input;
  return factor !== undefined && typeof about === 'number' && about % factor === 0;
}

/** A list of more elements than this is cut into slices of so many. */
const SLICE = 50;

/** What an order that does a slice of the step's list goes through. */
export function sliceOf(workflow: Workflow, entry: TaskStep): Workflow {
  const { when: _, concurrency: __, tolerate: ___, ...rest } = entry;
  const { input: ____, ...own } = rest as PluginStep;
  const parallel = [{ ...own, forEach: 'payload' }];
  const { name, version, on } = workflow;
  return { name, version, on, activities: [{ name: 'slice', pre: [], parallel, post: [] }] };
}

/** What a plugin makes of its input. */
export function resultOf(plugin: string, input: Json, padding: number): Json {
  const text = `${plugin}(${JSON.stringify(input)})`.slice(-400);
  return padding === 0 ? text : { text, padding: noise(plugin, padding) };
}

/** What the world knows of the order that performs a job. */
export interface Told {
  readonly excused: Excused;
  readonly skips: Skips;
  /** Jobs that a person had begun again after they had failed. */
  readonly begunAgain: ReadonlySet<string>;
  readonly ofChild: OfChild;
  /** Jobs that were called off: which they are is a matter of time. */
  readonly calledOff: ReadonlySet<string>;
  /** By job: which element of which stage it is for. */
  readonly begun: ReadonlyMap<string, string>;
  /** Activity, round and plugin of lists of which some tasks were called off before they began. */
  readonly unbegun: ReadonlySet<string>;
  /** By job: the data of the event that has completed it. One without has waited in vain. */
  readonly data: ReadonlyMap<string, Json>;
  /** Is called with the instant of each wait for one. */
  readonly waits?: (until: number) => void;
  /** Is called with the name of each activity in a branch that is not taken. */
  readonly passes?: (activity: string) => void;
}

export type OfChild = (job: string) => Told | undefined;

/**
 * A plain interpreter: one thing after another, nothing is lost, late or double, a retry is not worth mentioning. It shares
 * no code with the core.
 */
export function endingOf(
  setting: Setting,
  { input, attributes }: Given,
  told: Partial<Told> = {},
): Ending {
  const { excused = () => false, skips = new Map(), ofChild = () => undefined, data } = told;
  const { begunAgain = new Set(), passes = () => undefined, waits = () => undefined } = told;
  const { calledOff = new Set(), begun = new Map(), unbegun = new Set() } = told;
  const { workflow, children, plugins, behaviours } = setting;
  const jobs: Record<string, { input: Json; result: Json }> = {};
  const counts: Record<string, number> = {};
  const overtaken = new Map<string, { job: { input: Json; result: Json }; by: Set<string> }>();
  let payload = input;
  const { activities, choices = [] } = workflow;
  const failed = runActivities(0, activities.length, 0);
  for (const [name, { job }] of overtaken) jobs[name] = job;
  if (failed !== undefined) return { status: 'failed', task: failed, jobs };
  return { status: 'completed', result: payload, jobs };

  /**
   * The job that failed, if one did and was not caught.
   * @param within the number of the first choice that may stand among these activities
   */
  function runActivities(first: number, end: number, within: number): string | undefined {
    for (let at = first; at < end; ) {
      const number = choices.findIndex(({ before }, index) => index >= within && before === at);
      const choice = choices[number];
      const failed =
        choice === undefined ? runCaught(activities[at], at) : runChoice(choice, number + 1);
      if (failed !== undefined) return failed;
      at += choice === undefined ? 1 : sizeOf(choice.choose);
    }
    return undefined;
  }

  function runChoice({ before, choose }: ActivityChoice, within: number): string | undefined {
    const whens = choose.map(({ activities: _, ...asked }) => ({ ...asked, steps: [] }));
    const taken = takenOf(whens, jobs);
    const failed = runSteps([{ choose: whens }], true);
    if (failed !== undefined || taken instanceof Error) return failed;
    const startOf = (branch: number) => before + sizeOf(choose.slice(0, branch));
    for (const branch of choose.keys()) {
      if (branch === taken) continue;
      for (const { name } of activities.slice(startOf(branch), startOf(branch + 1))) passes(name);
    }
    return taken < 0 ? undefined : runActivities(startOf(taken), startOf(taken + 1), within);
  }

  function runCaught(activity: Activity | undefined, index: number): string | undefined {
    const failed = activity && runActivity(activity, index);
    if (failed === undefined) return undefined;
    const { onFailure } = activity as Activity;
    const isCaught = onFailure !== undefined && runSteps(onFailure.plugins, true) === undefined;
    return isCaught && onFailure.then === 'continue' ? undefined : failed;
  }

  /** The job that failed, if one did. */
  function runActivity(activity: Activity, index: number): string | undefined {
    for (let round = 1; ; round += 1) {
      const failed = runStages(activity, `${index}/${round}`);
      if (failed !== undefined || activity.repeat === undefined) return failed;
      const end = endOfRound(activity.repeat, round);
      if (end !== 'again') return end === 'over' ? undefined : end.failed;
    }
  }

  /** As many rounds again begin where a person retries an activity that was repeated too often. */
  function endOfRound(
    { until, max }: Repeat,
    round: number,
  ): 'over' | 'again' | { readonly failed: string } {
    const asked = evaluated(until, payload, jobs);
    if (asked === true) return 'over';
    if (!(asked instanceof Error) && round % max !== 0) return 'again';
    counts.repeat = (counts.repeat ?? 0) + 1;
    const failed = counts.repeat === 1 ? 'repeat' : `repeat#${counts.repeat}`;
    const skip = skips.get(failed);
    if (skip === undefined) {
      return !(asked instanceof Error) && begunAgain.has(failed) ? 'again' : { failed };
    }
    if (skip.result !== undefined) {
      jobs[failed] = { input: payload, result: skip.result };
      payload = skip.result;
    }
    return 'over';
  }

  function runStages(activity: Activity, round: string): string | undefined {
    for (const stage of ['pre', 'parallel', 'post'] as const) {
      const { enough } = activity;
      const counting = stage === 'parallel' && enough !== undefined ? { enough, round } : undefined;
      const failed = runSteps(entriesOf(activity, stage), stage !== 'parallel', counting);
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  function runSteps(
    steps: readonly TakenStep[],
    inARow: boolean,
    counting?: { readonly enough: number; readonly round: string },
  ): string | undefined {
    const results: Record<string, Json> = {};
    const seen: Record<string, number> = {};
    const before = { ...jobs };
    let took = 0;
    let done = 0;
    let left = 0;
    let failed: string | undefined;
    const rest = [...steps];
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const choice = 'choose' in next ? branchOf(next, inARow ? jobs : before) : undefined;
      if (Array.isArray(choice)) {
        rest.unshift(...choice);
        continue;
      }
      const until = 'waitUntil' in next ? instantAt(next, inARow ? jobs : before) : undefined;
      if (typeof until === 'number') {
        waits(until);
        continue;
      }
      // A choice that cannot be made fails like a task, and so does a wait until what is no instant.
      const entry: TaskStep =
        'choose' in next ? { plugin: 'choose' } : 'waitUntil' in next ? { plugin: 'wait' } : next;
      const { when, forEach } = entry;
      const plugin = nameOf(entry);
      seen[plugin] = (seen[plugin] ?? 0) + 1;
      const known = inARow ? jobs : before;
      const asked = when === undefined ? true : evaluated(when, payload, known);
      if (asked !== true && !(asked instanceof Error)) continue;
      const key = seen[plugin] === 1 ? plugin : `${plugin}#${seen[plugin]}`;
      let list = forEach === undefined ? undefined : evaluated(forEach, payload, known);
      const isLong = Array.isArray(list) && list.length > SLICE;
      const inputs = isLong ? inputsOf(entry, list as Json[], known) : [];
      if (inputs instanceof Error) list = inputs;
      if (isLong && asked === true && !(inputs instanceof Error)) {
        const slices = runSlices(entry, inputs);
        if (slices.failures > tolerated(entry, inputs.length)) failed ??= slices.failedJob;
        results[key] = slices.results;
        took += 1;
        continue;
      }
      if (Array.isArray(list) && asked === true) {
        const tasks = list.map((value: Json, index) => runTask(entry, { value, index }, known));
        const failures = tasks.filter(({ failed }) => failed);
        if (failures.length > tolerated(entry, list.length)) failed ??= failures[0]?.job;
        results[key] = tasks.map(({ result = null }) => result);
        took += 1;
        continue;
      }
      // What is no list fails the one task that stands for all.
      const isBroken = list !== undefined || choice instanceof Error || until instanceof Error;
      const task = runTask(entry, undefined, known, asked, isBroken ? broken : undefined);
      if (task.failed || task.result !== undefined) took += 1;
      if (task.failed && entry.mandatory !== false) failed ??= task.job;
      if (failed !== undefined && inARow) return failed;
      if (task.result !== undefined) {
        results[key] = task.result;
        if (inARow) payload = task.result;
      }
      letIn(task.job);
    }
    // Until enough have completed, nobody calls anything off.
    if (counting && done < counting.enough && left > 0) return `${left} called off too early`;
    if (counting && done >= counting.enough) failed = undefined;
    if (failed === undefined && !inARow && took > 0) payload = results;
    return failed;

    /** The inputs of all elements, or why one of them cannot be said: then the one task that stands for all has failed. */
    function inputsOf(entry: TaskStep, list: readonly Json[], known: typeof jobs): Json[] | Error {
      const { input } = entry as PluginStep;
      if (input === undefined) return [...list];
      const inputs = list.map((value, index) => evaluated(input, payload, known, { value, index }));
      return inputs.find((one) => one instanceof Error) ?? (inputs as Json[]);
    }

    /** A list that is cut into slices of fifty: each is a job, and an order of its own in which any failure fails it. */
    function runSlices(entry: TaskStep, list: readonly Json[]) {
      const plugin = nameOf(entry);
      const gathered: Json[] = [];
      let failures = 0;
      let failedJob: string | undefined;
      for (let from = 0; from < list.length; from += SLICE) {
        const input = list.slice(from, from + SLICE);
        counts[plugin] = (counts[plugin] ?? 0) + 1;
        const job = counts[plugin] === 1 ? plugin : `${plugin}#${counts[plugin]}`;
        const skip = skips.get(job);
        const slice =
          skip === undefined
            ? endOfSlice(entry, input, ofChild(job) ?? {})
            : { failed: 0, results: skip.result };
        const isUnknown = skip === undefined && excused(job, () => 0);
        const failedHere = isUnknown ? input.length : slice.failed;
        failures += failedHere;
        if (failedHere > 0) failedJob ??= job;
        const own = isUnknown ? undefined : slice.results;
        if (own !== undefined) jobs[job] = { input, result: own };
        const isWhole = Array.isArray(own) && own.length === input.length;
        gathered.push(...(isWhole ? own : input.map(() => own ?? null)));
      }
      return { results: gathered, failures, failedJob };
    }

    function runTask(
      entry: TaskStep,
      element: Element | undefined,
      known: typeof jobs,
      ...expressions: readonly (Json | Error | undefined)[]
    ): { job: string; failed: boolean; result?: Json } {
      const plugin = nameOf(entry);
      const count = (counts[plugin] ?? 0) + 1;
      const job = count === 1 ? plugin : `${plugin}#${count}`;
      // One that never began has no name.
      const isLeft =
        counting !== undefined &&
        element !== undefined &&
        unbegun.has(`${counting.round}/${plugin}`) &&
        begun.get(job) !== `${counting.round}/${element.index}`;
      if (isLeft || calledOff.has(job)) left += 1;
      if (isLeft) return { job, failed: false };
      counts[plugin] = count;
      if (calledOff.has(job)) return { job, failed: false };
      const outcome = runNamed(entry, job, element, known, expressions);
      if (outcome.result !== undefined) done += 1;
      return outcome;
    }

    function runNamed(
      entry: TaskStep,
      job: string,
      element: Element | undefined,
      known: typeof jobs,
      expressions: readonly (Json | Error | undefined)[],
    ): { job: string; failed: boolean; result?: Json } {
      const plugin = nameOf(entry);
      const given = 'waitFor' in entry ? null : element === undefined ? payload : element.value;
      const isListed = entry.forEach === undefined || element !== undefined;
      const own =
        'waitFor' in entry
          ? keyOf(entry, known)
          : 'input' in entry && isListed
            ? evaluated(entry.input ?? null, payload, known, element)
            : given;
      const behaviour = behaviours[plugin];
      const skip = skips.get(job);
      if (skip !== undefined && skip.result === undefined) return { job, failed: false };
      const isBroken = [own, ...expressions].some((one) => one instanceof Error);
      if ('workflow' in entry && skip === undefined) {
        const child =
          isBroken || excused(job, () => 0) ? undefined : endOf(entry, job, own as Json);
        if (child?.status !== 'completed') return { job, failed: true };
        const result = child.result ?? null;
        jobs[job] = { input: own as Json, result };
        return { job, failed: false, result };
      }
      if ('waitFor' in entry && skip === undefined) {
        const result = isBroken ? undefined : data?.get(job);
        if (result === undefined) return { job, failed: true };
        jobs[job] = { input: own as Json, result };
        return { job, failed: false, result };
      }
      const fails =
        isBroken ||
        !behaviour ||
        behaviour.failsForGood ||
        breaksOn(behaviour, own as Json) ||
        behaviour.padding > MAX_RESULT_BYTES ||
        attributes.poison === plugin ||
        excused(job, () => bytesOf(inARow ? [entry] : steps.filter(isTask), known));
      if (fails && skip === undefined) return { job, failed: true };
      // A task that an expression kept from beginning has the payload for its input, or its element.
      const got = isBroken ? given : (own as Json);
      const result = skip?.result ?? resultOf(plugin, got, behaviour?.padding ?? 0);
      if (skip?.overtakenBy !== undefined) {
        overtaken.set(job, { job: { input: got, result }, by: new Set(skip.overtakenBy) });
        return { job, failed: false };
      }
      jobs[job] = { input: got, result };
      return { job, failed: false, result };
    }
  }

  /** What people gave tasks that had been overtaken is there for whoever comes after those that overtook them. */
  function letIn(last: string): void {
    for (const [name, { job, by }] of overtaken) {
      by.delete(last);
      if (by.size > 0) continue;
      overtaken.delete(name);
      jobs[name] = job;
      if (!skips.get(name)?.comesTooLate) payload = job.result;
    }
  }

  /** A key is a text or a number. */
  function keyOf({ waitFor: { key } }: WaitForStep, known: typeof jobs): Json | Error {
    if (key === undefined) return null;
    const value = evaluated(key, payload, known);
    return typeof value === 'number' || (typeof value === 'string' && value !== '')
      ? value
      : broken;
  }

  function endOfSlice(entry: TaskStep, input: Json[], told: Partial<Told>) {
    const below = { ...setting, workflow: sliceOf(workflow, entry) };
    const ending = endingOf(below, { input, attributes }, told);
    const [results = []] = Object.values((ending.result ?? {}) as Record<string, Json[]>);
    if (ending.status === 'completed') return { failed: 0, results };
    const names = input.map((_, index) =>
      index === 0 ? nameOf(entry) : `${nameOf(entry)}#${index + 1}`,
    );
    const isSkipped = (name: string) =>
      told.skips?.get(name)?.result === undefined && told.skips?.has(name);
    const given = names.map((name) => ending.jobs[name]?.result ?? null);
    const failed = names.filter((name) => !(name in ending.jobs) && !isSkipped(name)).length;
    return { failed, results: given };
  }

  function endOf({ workflow: name }: { workflow: string }, job: string, input: Json) {
    const definition = children.find((one) => one.name === name);
    if (definition === undefined) return undefined;
    const below = { ...setting, workflow: definition };
    return endingOf(below, { input, attributes }, ofChild(job));
  }

  function tolerated({ mandatory, tolerate = 0 }: TaskStep, count: number): number {
    if (mandatory === false) return count;
    return typeof tolerate === 'number' ? tolerate : (count * Number(tolerate.slice(0, -1))) / 100;
  }

  /** The workflow names it, or an expression comes to it. */
  function instantAt({ waitUntil }: WaitUntilStep, known: typeof jobs): number | Error {
    return instantOf(/^2/.test(waitUntil) ? waitUntil : evaluated(waitUntil, payload, known));
  }

  /** The steps of the first branch whose `when` is true; none, or why that cannot be said. */
  function branchOf({ choose }: ChooseStep, known: typeof jobs): TakenStep[] | Error {
    const taken = takenOf(choose, known);
    return taken instanceof Error ? taken : (choose[taken]?.steps.filter(isTaken) ?? []);
  }

  /** The first branch whose `when` is true; -1 for none. */
  function takenOf(choose: ChooseStep['choose'], known: typeof jobs): number | Error {
    for (const [branch, { when }] of choose.entries()) {
      const asked = when === undefined ? true : evaluated(when, payload, known);
      if (asked instanceof Error) return asked;
      if (asked === true) return branch;
    }
    return -1;
  }

  function namesIn(entry: Step): readonly string[] {
    if ('choose' in entry) return entry.choose.flatMap(({ steps }) => steps.flatMap(namesIn));
    return 'plugin' in entry ? [entry.plugin] : [];
  }

  function entriesOf(activity: Activity, stage: StageName): TakenStep[] {
    const named = activity[stage].flatMap(namesIn);
    return activity[stage].flatMap((entry): TakenStep[] => {
      if (isTaken(entry) || 'choose' in entry) return [entry];
      if (!('everyone' in entry)) return [];
      const joining = plugins.flatMap(({ definition: { name, joins } }) => {
        const join = joins.find(
          (one) => one.activity === activity.name && one.stage === stage && invites(one),
        );
        return join === undefined || named.includes(name) ? [] : [{ plugin: name, ...join }];
      });
      joining.sort((a, b) => a.order - b.order || a.plugin.localeCompare(b.plugin));
      return joining.map(({ plugin, mandatory }) => ({ plugin, mandatory }));
    });
  }

  /** The filters of the scenarios are two: the kind is a, or it is another. */
  function invites({ workflow: only, filter }: Participation): boolean {
    if (only !== undefined && only !== workflow.name) return false;
    if (filter === undefined) return true;
    const isA = attributes.kind === 'a';
    return filter.kind?.[0] === 'a' ? isA : attributes.kind !== undefined && !isA;
  }

  function bytesOf(steps: readonly TaskStep[], known: typeof jobs): number {
    const inputs = steps.flatMap((step) =>
      'input' in step ? [evaluated(step.input ?? null, payload, known)] : [],
    );
    return [payload, ...inputs].reduce<number>((sum, one) => sum + JSON.stringify(one).length, 0);
  }

  /** The few expressions that the scenarios use. */
  function evaluated(
    template: Json,
    current: Json,
    known: typeof jobs,
    element?: Element,
  ): Json | Error {
    if (Array.isArray(template))
      return template.map((one: Json) => evaluated(one, current, known, element) as Json);
    if (typeof template === 'object' && template !== null) {
      return Object.fromEntries(
        Object.entries(template).map(([key, one]) => [
          key,
          evaluated(one as Json, current, known, element) as Json,
        ]),
      );
    }
    if (typeof template !== 'string') return template;
    if (template === 'payload') return current;
    if (template === 'input') return input;
    if (template === 'true') return true;
    if (template === '"one"') return 'one';
    if (template === '"k1"') return 'k1';
    if (template === 'attributes.key') return (attributes.key ?? null) as Json;
    if (template === 'attributes.due') return (attributes.due ?? null) as Json;
    if (template === '"2100-01-01T00:00:00Z"') return '2100-01-01T00:00:00Z';
    if (template === '$element') return element?.value ?? null;
    if (template === '$index') return element?.index ?? null;
    if (template === '[1, "two", null]') return [1, 'two', null];
    const [, upTo] = /^\[1\.\.(\d+)\]$/.exec(template) ?? [];
    if (upTo !== undefined) return Array.from({ length: Number(upTo) }, (_, index) => index + 1);
    if (template === '[]') return [];
    if (template === '[payload]') return Array.isArray(current) ? current : [current];
    if (template === '$exists($jobs.P1)') return known.P1 !== undefined;
    if (template === '$exists($jobs.`P1#2`)') return known['P1#2'] !== undefined;
    if (template === '$jobs.P1.result') return known.P1?.result ?? null;
    if (template === 'attributes.kind = "a"') return attributes.kind === 'a';
    return new Error('no');
  }
}
