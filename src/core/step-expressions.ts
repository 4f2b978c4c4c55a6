import type { Deciding, Evaluated } from './deciding.ts';
import { evaluate } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Json } from './json.ts';
import type { StagedOrder, StageTask } from './order.ts';
import { pluginStepAt } from './stage.ts';
import type { PluginStep } from './workflow.ts';

/** The input that a step's expressions gave its task, or why they failed. */
export type StepInput = { readonly value: Json } | { readonly error: string };

/** What a step's expressions came to: an input, a failure, or the reason for which its task is skipped. */
export type StepOutcome = StepInput | { readonly skipped: string };

/** For each planned task whose step has a `when` or an `input`: what they came to. `undefined` for an input that is the payload. */
export function* evaluateSteps(
  order: StagedOrder,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<ReadonlyMap<StageTask, StepOutcome | undefined>> {
  const conditional = due.flatMap((task) => {
    const own =
      task.status === 'planned'
        ? pluginStepAt(draft.context.workflow, order.stage, task.step)
        : undefined;
    const step = own && withoutInputOf(own, task);
    return step?.when === undefined && step?.input === undefined ? [] : [{ task, step }];
  });
  const expressions = conditional.flatMap(({ step: { when, input } }) =>
    [when, input].filter((one) => one !== undefined),
  );
  const answers = [...(yield* evaluate(order.payload, expressions, draft.applied))];
  return new Map(
    conditional.map(({ task, step }) => {
      const when = step.when === undefined ? undefined : answers.shift();
      const input = step.input === undefined ? undefined : answers.shift();
      return [task, refusalOf(when) ?? inputOf(input)] as const;
    }),
  );
}

/** A task that a person gave an input needs none of its step's. */
function withoutInputOf(step: PluginStep, task: StageTask): PluginStep {
  if (task.status !== 'planned' || task.again?.input === undefined) return step;
  const { input: _, ...rest } = step;
  return rest;
}

/** A `when` is a boolean, or nothing, which counts as false. Whatever else it came to would be a guess. */
function refusalOf(when: Evaluated | undefined): StepOutcome | undefined {
  if (when === undefined) return undefined;
  if ('error' in when) return failureIn('when', when);
  switch (when.value) {
    case true:
      return undefined;
    case false:
      return { skipped: 'its `when` is false' };
    case null:
      return { skipped: 'its `when` came to nothing' };
    default:
      return { error: `when: it came to ${shown(when.value)}; it must be true or false` };
  }
}

function inputOf(input: Evaluated | undefined): StepInput | undefined {
  if (input === undefined) return undefined;
  return 'error' in input ? failureIn('input', input) : input;
}

/** A failure with its place in the step's definition, such as `input.items[2].id`. */
function failureIn(
  field: 'when' | 'input',
  { error, place = '' }: Extract<Evaluated, { error: string }>,
): { readonly error: string } {
  return { error: `${field}${place}: ${error}` };
}

const SHOWN_CHARACTERS = 60;

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
