import { durationText } from '../words/durations.ts';
import type { TaskStatus } from '../words/status-words.ts';
import type { Activity } from '../workflows/activities.ts';
import { takenIf } from '../workflows/activities.ts';
import type { Node } from './node.ts';

type AnyStep = Activity['pre'][number];
type Repeat = NonNullable<Activity['repeat']>;
type ChooseStep = Extract<AnyStep, { readonly choose: unknown }>;
export type Step = Exclude<AnyStep, ChooseStep>;

/** A step of the stage, or of a branch in it: then with when the branch is taken. */
export interface PlacedStep {
  readonly step: Step;
  readonly taken?: string;
}

/**
 * The steps that stand for this one: of a choice, those of all its branches.
 * @param taken when the branches are taken in which the activity stands
 */
export function placed(step: AnyStep, taken: readonly string[] = []): readonly PlacedStep[] {
  if (typeof step === 'string' || !('choose' in step)) return [placedIf(step, taken)];
  return step.choose.flatMap(({ when, steps = [], otherwise = steps }) =>
    otherwise.map((one) => placedIf(one, [...taken, takenIf(when)])),
  );
}

function placedIf(step: Step, taken: readonly string[]): PlacedStep {
  return taken.length === 0 ? { step } : { step, taken: taken.join(', ') };
}

/** Whose task a step is, or the event that completes it; undefined for a wait, and for everyone. */
export function performerOf(step: Step): string | undefined {
  if (typeof step === 'string') return step === '*' ? undefined : step;
  if ('plugin' in step) return step.plugin;
  if ('workflow' in step) return step.workflow;
  return 'waitFor' in step ? eventOf(step) : undefined;
}

/** The type of the event that a step waits for. */
function eventOf({ waitFor }: Extract<Step, { readonly waitFor: unknown }>): string {
  return typeof waitFor === 'string' ? waitFor : waitFor.event;
}

/** A step that has not begun, with what decides whether it will. */
export function plannedNode({ step, taken }: PlacedStep, status: TaskStatus, id: string): Node {
  if (step === '*') {
    return {
      ...{ id, label: 'everyone', status },
      note: 'every plugin that is registered for this stage',
    };
  }
  const note = taken && { note: taken };
  if (typeof step === 'string') return { id, label: step, status, ...note };
  if ('waitUntil' in step) {
    return { id, label: `wait until ${step.waitUntil}`, isWait: true, ...note };
  }
  if ('wait' in step) return { id, label: `wait ${waitText(step.wait)}`, isWait: true, ...note };
  const { when, forEach, mandatory } = step;
  const label = performerOf(step) ?? '';
  const notes = [
    'workflow' in step && 'an order of its own',
    'waitFor' in step && 'an event from outside',
    ...[taken, when && `when ${when}`, forEach && `for each of ${forEach}`],
    mandatory === false && 'optional',
  ].filter(Boolean);
  return { id, label, status, ...(notes.length > 0 && { note: notes.join(', ') }) };
}

/** In a parallel stage that ends before all have ended. */
export function enoughNode(enough: number, id: string): Node {
  const note = enough === 1 ? 'one completed task is' : `${enough} completed tasks are`;
  return { id, label: 'enough', note: `${note} enough, the others are called off` };
}

/** At the end of an activity that is done in rounds: until when. */
export function repeatNode({ until, max }: Repeat, id: string): Node {
  return { id, label: 'repeat', note: `until ${until}, ${max} rounds at most` };
}

/** The API gives seconds. */
const waitText = (wait: string | number) =>
  typeof wait === 'number' ? durationText(wait * 1000) : wait;
