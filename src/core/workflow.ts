import type { Json } from './json.ts';

/** How failed attempts of a task are repeated: exponential backoff with full jitter. */
export interface RetryPolicy {
  /** Attempts in all, the first included. Default 3. */
  readonly maxAttempts: number;
  /** The upper bound of the first pause, in seconds; it doubles with every further attempt. Default 2. */
  readonly backoffSeconds: number;
  /** No pause is longer, in seconds. Default 300. */
  readonly maxBackoffSeconds: number;
}

export type StageName = 'pre' | 'parallel' | 'post';

/** The three stages of an activity, in the order in which they run. */
export const STAGES: readonly StageName[] = ['pre', 'parallel', 'post'];

/** What an order may stand in: a choice before an activity, a stage of the activity, its `onFailure`, or the undoing of its jobs. */
export type RunStage = 'choose' | StageName | 'onFailure' | 'undo';

export const RUN_STAGES: readonly RunStage[] = ['choose', ...STAGES, 'onFailure', 'undo'];

/** What a step says of its task, whoever performs it. */
interface TaskStepTerms {
  /** An optional task may fail without failing its order. Default true. */
  readonly mandatory?: boolean;
  /** A JSONata expression that comes to true, to false, or to nothing: the task is skipped unless it is true. */
  readonly when?: string;
  /** A JSONata expression that comes to a list: the step is one task per element. Only in a parallel stage. */
  readonly forEach?: string;
  /** With `forEach`: no more of its tasks are under way at once. Default: all. */
  readonly concurrency?: number;
  /** With `forEach`: no more of its tasks may fail without failing the order; a number, or a share such as `10%`. Default 0. */
  readonly tolerate?: number | string;
  /** A JSONata expression, or a JSON template whose strings are JSONata expressions. Default: the previous result, or the element. */
  readonly input?: Json;
  /** In the order that does a slice of a list: any failure fails it, since it is its parent who tolerates some. */
  readonly ofSlice?: true;
}

/** A step that names its plugin. What it leaves out, the plugin's registration says. */
export interface PluginStep extends TaskStepTerms {
  readonly plugin: string;
  readonly retry?: Partial<RetryPolicy>;
  /** One attempt may last this long, counted from its dispatch, in seconds. */
  readonly timeoutSeconds?: number;
  /** All attempts together may last this long, pauses included, in seconds. */
  readonly totalSeconds?: number;
}

/** A step whose task is an order of another workflow, a child order. */
export interface ChildStep extends TaskStepTerms {
  readonly workflow: string;
  /** The child order may last this long, in seconds. Default: a year. */
  readonly timeoutSeconds?: number;
}

/** A step whose task an event from outside completes. */
export interface WaitForStep extends Omit<TaskStepTerms, 'input'> {
  readonly waitFor: {
    /** The type of the event. */
    readonly event: string;
    /** A JSONata expression that comes to the key under which the event is sent. Absent: only one for the order alone counts. */
    readonly key?: string;
  };
  /** The event may take this long, in seconds. Default: seven days. */
  readonly timeoutSeconds?: number;
}

/** A step that makes a task, or one task per element. */
export type TaskStep = PluginStep | ChildStep | WaitForStep;

/** A pause between two plugins of a pre or post stage. */
export interface WaitStep {
  readonly waitSeconds: number;
}

/** A pause until an instant, which may have gone by. */
export interface WaitUntilStep {
  /** In ISO 8601 with its offset, or a JSONata expression that comes to such a text. */
  readonly waitUntil: string;
}

export type AnyWaitStep = WaitStep | WaitUntilStep;

/** Everyone who registered for this stage and whose filter matches the order's attributes. */
export interface EveryoneStep {
  readonly everyone: true;
}

/** Of its branches, the first whose `when` is true is taken, and no other. */
export interface ChooseStep {
  readonly choose: readonly Branch[];
}

/** A step that stands for itself, in a stage or in a branch. */
export type PlainStep = TaskStep | AnyWaitStep;

/** One way on from a choice. */
export interface Branch {
  /** A JSONata expression that comes to true, to false, or to nothing. Absent of the last: it is taken if no other is. */
  readonly when?: string;
  readonly steps: readonly PlainStep[];
}

/** One item of a stage's definition. */
export type Step = PlainStep | EveryoneStep | ChooseStep;

/** The steps of a stage as its tasks number them: those of its branches come right after their choice. */
export function withBranches(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] =>
    'choose' in step ? [step, ...stepsOfBranches(step)] : [step],
  );
}

export function stepsOfBranches({ choose }: ChooseStep): readonly PlainStep[] {
  return choose.flatMap(({ steps }) => steps);
}

/** Three stages in a row: pre (one after another), parallel (all at once, wait for all), post (one after another). */
export interface Activity {
  readonly name: string;
  readonly pre: readonly Step[];
  readonly parallel: readonly Step[];
  readonly post: readonly Step[];
  /** Its parallel stage ends as soon as so many of its tasks have completed. Absent: when all have ended. */
  readonly enough?: number;
  readonly onFailure?: OnFailure;
  readonly repeat?: Repeat;
}

/** The three stages are done again, in rounds, until the order has come to what it should. */
export interface Repeat {
  /** A JSONata expression that comes to true, to false, or to nothing, asked after each round: the activity is over if it is true. */
  readonly until: string;
  /** So many rounds at most, the first included; then the order fails there. */
  readonly max: number;
}

/**
 * A choice among activities: of its branches, the first whose `when` is true is taken, and no other. The activities of all branches
 * follow one another in the workflow's list.
 */
export interface ActivityChoice {
  /** The index of its first activity: an order comes to the choice before it would come there. */
  readonly before: number;
  readonly choose: readonly ActivityBranch[];
}

export interface ActivityBranch {
  /** A JSONata expression that comes to true, to false, or to nothing. Absent of the last: it is taken if no other is. */
  readonly when?: string;
  /** How many activities it has: those that follow the ones of the branch before it. */
  readonly activities: number;
}

/** What is done when an activity has failed for good. */
export interface OnFailure {
  /** One after another; the first gets what the stage that failed got. */
  readonly plugins: readonly TaskStep[];
  /** Whether the order goes on with the next activity then, or fails as it would have. */
  readonly then: 'continue' | 'fail';
}

/** One immutable version of a workflow. */
export interface Workflow {
  readonly name: string;
  readonly version: number;
  /** Types of the events that start it. */
  readonly on: readonly string[];
  /** One after another, those of all branches among them. */
  readonly activities: readonly Activity[];
  /** Choices among them, from the first to the last; one that stands in a branch of another comes after that. Absent for none. */
  readonly choices?: readonly ActivityChoice[];
  /** An activity: once it has ended, a failure undoes nothing any more. */
  readonly pivot?: string;
  /** Instead of failing, an order pauses when the attempts of a task are used up. */
  readonly pauseOnFailure?: true;
}

/** An ad-hoc list of plugins, run one after another; those of a nested list run in parallel. */
export type Todo = readonly (string | readonly string[])[];

/** The activities of an ad-hoc list: one for each of its items. */
export function activitiesOf(todo: Todo): readonly Activity[] {
  return todo.map((item, index) => ({
    name: String(index + 1),
    pre: typeof item === 'string' ? [{ plugin: item }] : [],
    parallel: typeof item === 'string' ? [] : item.map((plugin) => ({ plugin })),
    post: [],
  }));
}

export function isTaskStep(step: Step): step is TaskStep {
  return 'plugin' in step || 'workflow' in step || 'waitFor' in step;
}

/** Who performs the step's task: a plugin, or the workflow of a child order; or the type of the event that completes it. */
export function performerOf(step: TaskStep): string {
  if ('plugin' in step) return step.plugin;
  return 'workflow' in step ? step.workflow : step.waitFor.event;
}

/** The list of tasks as far as the definition names them: what runs in parallel is nested, `*` stands for everyone registered. */
export function outlineOf(workflow: Workflow): Todo {
  const namesOf = (steps: readonly Step[]): string[] =>
    withBranches(steps).flatMap((step) => {
      if (isTaskStep(step)) return [performerOf(step)];
      return 'everyone' in step ? ['*'] : [];
    });
  return workflow.activities.flatMap((activity) => {
    const parallel = namesOf(activity.parallel);
    return [
      ...namesOf(activity.pre),
      ...(parallel.length > 0 ? [parallel] : []),
      ...namesOf(activity.post),
    ];
  });
}
