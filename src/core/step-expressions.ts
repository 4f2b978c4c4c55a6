import { wrongWithKey } from './awaiting.ts';
import type { BoundElement, Deciding, Evaluated } from './deciding.ts';
import { evaluate } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import { awaitsList, elementOf, MOST_ELEMENTS } from './for-each.ts';
import type { Json } from './json.ts';
import type { StagedOrder } from './order.ts';
import { isCut } from './slices.ts';
import { taskStepAt } from './stage.ts';
import type { PlannedTask, StageTask } from './task.ts';
import type { TaskStep } from './workflow.ts';

/** The input that a step's expressions gave its task, or why they failed. */
export type StepInput = { readonly value: Json } | { readonly error: string };

/** What a step's expressions came to: an input, a list of elements, a failure, or the reason for which its task is skipped. */
export type StepOutcome =
  | StepInput
  | { readonly list: readonly Json[] }
  | { readonly skipped: string };

/** The expressions of a step that its task needs. */
interface Asked {
  readonly when?: string;
  readonly forEach?: string;
  readonly input?: Json;
  /** Of a step that waits for an event: the key is its task's input. */
  readonly key?: string;
}

/**
 * For each planned task whose step has a `when`, a `forEach` or an `input`: what they came to. `undefined` for an input that is the payload,
 * or the element.
 */
export function* evaluateSteps(
  order: StagedOrder,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<ReadonlyMap<StageTask, StepOutcome | undefined>> {
  const conditional = due.flatMap((task) => {
    // The inputs of its elements are in the list.
    if (task.status !== 'planned' || task.slice) return [];
    const step = taskStepAt(draft.context.workflow, order.stage, task.step);
    return step === undefined ? [] : [{ task, step, asked: askedOf(step, task) }];
  });
  const bound = conditional.flatMap(({ task, asked: { when, forEach, input, key } }) =>
    [when, forEach, input, key]
      .filter((expression) => expression !== undefined)
      .map((expression) => ({ expression, element: boundTo(order.stage, task) })),
  );
  const expressions = bound.map(({ expression }) => expression);
  const elements = bound.map(({ element }) => element);
  const answers = [...(yield* evaluate(order, expressions, draft.applied, elements))];
  const outcomes = new Map(
    conditional.map(({ task, asked }) => {
      const when = asked.when === undefined ? undefined : answers.shift();
      const forEach = asked.forEach === undefined ? undefined : answers.shift();
      const input = asked.input === undefined ? undefined : answers.shift();
      const key = asked.key === undefined ? undefined : answers.shift();
      const given = task.again?.input;
      // The list of a slice is the order's input.
      const list = given ?? (order.slice && order.payload);
      const outcome = awaitsList(task)
        ? listOf(forEach, list)
        : task.awaits
          ? keyOf(key, given)
          : inputOf(input);
      return [task, refusalOf(when) ?? outcome] as const;
    }),
  );
  let elementsSoFar = elementsIn(order.stage);
  for (const { task, step } of conditional) {
    const outcome = outcomes.get(task);
    if (outcome === undefined || !('list' in outcome)) continue;
    elementsSoFar += outcome.list.length;
    const list = yield* cutList(order, { ...outcome, elementsSoFar }, step, draft);
    outcomes.set(task, list);
  }
  return outcomes;
}

/** How many elements the lists of the stage have so far. */
function elementsIn({ lists = {} }: StagedOrder['stage']): number {
  return Object.values(lists).reduce((sum, { length }) => sum + length, 0);
}

/** So many inputs are asked for at once: orders that share the process that evaluates them take turns. */
const ASKED_AT_ONCE = 500;

/** A list that is to be cut into slices with the input of each element in its place: whoever does the slice knows nothing of this order. */
function* cutList(
  order: StagedOrder,
  { list, elementsSoFar }: { readonly list: readonly Json[]; readonly elementsSoFar: number },
  step: TaskStep,
  { applied, context }: EntryDraft,
): Deciding<StepOutcome> {
  if (elementsSoFar > MOST_ELEMENTS) {
    const all = elementsSoFar > list.length ? `, and all of its stage ${elementsSoFar}` : '';
    const most = `${MOST_ELEMENTS} are the most`;
    return { error: `forEach: it came to a list of ${list.length} elements${all}; ${most}` };
  }
  const [field, expression] =
    'waitFor' in step ? (['key', step.waitFor.key] as const) : (['input', step.input] as const);
  if (context.listsStayWhole || !isCut(list) || expression === undefined) return { list };
  const inputs: Json[] = [];
  while (inputs.length < list.length) {
    const elements = list
      .slice(inputs.length, inputs.length + ASKED_AT_ONCE)
      .map((value, index) => ({ value, index: inputs.length + index }));
    const expressions = elements.map(() => expression);
    const values = yield* evaluate(order, expressions, applied, elements);
    for (const value of values) {
      if (!('error' in value)) inputs.push(value.value);
      else return failureIn(field, value, ` of element ${inputs.length}`);
    }
  }
  return { list: inputs };
}

/** What a person gave the task takes the place of what its step says. The `when` of a step with `forEach` is asked once, before its list. */
function askedOf(step: TaskStep, task: PlannedTask): Asked {
  const { when, forEach } = step;
  const { element, again } = task;
  const given = again?.input !== undefined;
  if (awaitsList(task)) {
    const isGiven = given || step.ofSlice === true;
    return defined({ when, forEach: isGiven ? undefined : forEach });
  }
  const asked = element === undefined ? { when } : {};
  if (given) return defined(asked);
  return defined({
    ...asked,
    ...('waitFor' in step ? { key: step.waitFor.key } : { input: step.input }),
  });
}

function boundTo(stage: StagedOrder['stage'], task: PlannedTask): BoundElement | null {
  if (task.element === undefined) return null;
  return { value: elementOf(stage, task) ?? null, index: task.element };
}

/** A `forEach` is a list: a single value, or nothing, may be one that JSONata has unwrapped, or a mistake. */
function listOf(forEach: Evaluated | undefined, given: Json | undefined): StepOutcome {
  if (forEach !== undefined && 'error' in forEach) return failureIn('forEach', forEach);
  const value = forEach === undefined ? given : forEach.value;
  if (!Array.isArray(value)) {
    const hint = 'write […] around an expression that may come to one value or none';
    return { error: `forEach: it came to ${shown(value ?? null)}; it must be a list: ${hint}` };
  }
  return { list: value };
}

/**
 * A condition is a boolean, or nothing, which counts as false. Whatever else it came to would be a guess.
 * @returns `undefined` for one that is true, or is not there
 */
export function refusalOf(
  condition: Evaluated | undefined,
  field: 'when' | 'until' = 'when',
): { readonly error: string } | { readonly skipped: string } | undefined {
  if (condition === undefined) return undefined;
  if ('error' in condition) return failureIn(field, condition);
  switch (condition.value) {
    case true:
      return undefined;
    case false:
      return { skipped: `its \`${field}\` is false` };
    case null:
      return { skipped: `its \`${field}\` came to nothing` };
    default:
      return { error: `${field}: it came to ${shown(condition.value)}; it must be true or false` };
  }
}

function inputOf(input: Evaluated | undefined): StepInput | undefined {
  if (input === undefined) return undefined;
  return 'error' in input ? failureIn('input', input) : input;
}

/** A person may have given the key. */
function keyOf(key: Evaluated | undefined, given: Json | undefined): StepInput | undefined {
  if (key !== undefined && 'error' in key) return failureIn('key', key);
  const value = key === undefined ? given : key.value;
  if (value === undefined) return undefined;
  const wrong = wrongWithKey(value);
  return wrong === undefined ? { value } : { error: `key: it came to ${shown(value)}; ${wrong}` };
}

/** A failure with its place in the step's definition, such as `input.items[2].id`. */
function failureIn(
  field: keyof Asked | 'until',
  { error, place = '' }: Extract<Evaluated, { error: string }>,
  of = '',
): { readonly error: string } {
  return { error: `${field}${place}${of}: ${error}` };
}

const SHOWN_CHARACTERS = 60;

/** The value as it is told of in an error. */
export function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
