import type * as z from 'zod';
import { defined } from '../core/defined.ts';
import type {
  Activity,
  Branch,
  OnFailure,
  PlainStep,
  Step,
  TaskStep,
  WaitForStep,
} from '../core/workflow.ts';
import type { activitySchema, onFailureSchema } from './activity-schema.ts';
import type { Definition } from './definition-content.ts';
import { checkExpressions } from './definition-expressions.ts';
import { eachStep } from './each-step.ts';
import { readJson } from './json-text.ts';
import { parse } from './parse.ts';
import { placedActivities } from './placed-activities.ts';
import { Problem } from './problem.ts';
import type {
  stepOfBranchSchema,
  stepSchema,
  taskStepSchema,
  waitForStepSchema,
} from './step-schema.ts';
import { definitionSchema } from './workflow-schema.ts';
import { locator, readYaml } from './yaml-text.ts';

/** A definition from a JSON value. @throws {Problem} that names each field that is wrong. */
export function readDefinition(name: string, body: unknown): Definition {
  refuseItself(name, body);
  const named = typeof body === 'object' && body !== null ? { name, ...body } : body;
  const parsed = parse(definitionSchema, named);
  if (parsed.name !== name) {
    const message = `name: the address says ${name}, the body ${parsed.name}`;
    throw new Problem('INVALID_REQUEST', [{ path: 'name', message }]);
  }
  refuseEachInRow(parsed);
  checkExpressions(parsed);
  const { activities, choices } = placedActivities(parsed.activities, toActivity);
  return {
    ...{ name, on: parsed.on, activities },
    ...(choices.length > 0 && { choices }),
    ...defined({ pivot: parsed.pivot, pauseOnFailure: parsed.pauseOnFailure || undefined }),
  };
}

/**
 * A definition from text.
 * @param format JSON is not read as YAML, which takes more.
 * @throws {Problem} whose errors carry the line that they are about.
 */
export function readDefinitionText(
  name: string,
  text: string,
  format: 'json' | 'yaml' = 'yaml',
): Definition {
  try {
    return readDefinition(name, format === 'json' ? readJson(text) : readYaml(text));
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'MALFORMED_BODY') throw error;
    const lineAt = locator(text);
    throw new Problem(
      error.code,
      error.errors.map((detail) => defined({ line: lineAt(detail.path ?? ''), ...detail })),
    );
  }
}

function toActivity(activity: z.output<typeof activitySchema>): Activity {
  return {
    name: activity.name,
    pre: activity.pre.map(toStep),
    parallel: activity.parallel.map(toStep),
    post: activity.post.map(toStep),
    ...(activity.onFailure && { onFailure: toOnFailure(activity.onFailure) }),
    ...defined({ enough: activity.enough, repeat: activity.repeat }),
  };
}

function toStep(step: z.output<typeof stepSchema>): Step {
  if (step === '*') return { everyone: true };
  if (typeof step === 'object' && 'choose' in step) return { choose: step.choose.map(toBranch) };
  return toPlainStep(step);
}

function toBranch({ when, steps = [], otherwise = steps }: Branches[number]): Branch {
  return { ...defined({ when }), steps: otherwise.map(toPlainStep) };
}

type Branches = Extract<z.output<typeof stepSchema>, { choose: unknown }>['choose'];

function toPlainStep(step: z.output<typeof stepOfBranchSchema>): PlainStep {
  if (typeof step === 'object' && 'wait' in step) return { waitSeconds: step.wait };
  if (typeof step === 'object' && 'waitUntil' in step) return step;
  return toTaskStep(step);
}

function toOnFailure({ plugins, then }: z.output<typeof onFailureSchema>): OnFailure {
  return { plugins: plugins.map(toTaskStep), then };
}

function toTaskStep(step: z.output<typeof taskStepSchema>): TaskStep {
  if (typeof step === 'string') return { plugin: step };
  if ('workflow' in step) return defined(step);
  if ('waitFor' in step) return toWaitForStep(step);
  const { retry, ...own } = step;
  return { ...defined(own), ...(retry && { retry: defined(retry) }) };
}

function toWaitForStep({ waitFor, ...own }: z.output<typeof waitForStepSchema>): WaitForStep {
  const event = typeof waitFor === 'string' ? { event: waitFor } : defined(waitFor);
  return { waitFor: event, ...defined(own) };
}

const IN_PARALLEL = /\]\.parallel\[/;

/** Elements have no order of their own: their tasks run in parallel. */
function refuseEachInRow(definition: z.output<typeof definitionSchema>): void {
  eachStep(definition, (step, path) => {
    if (!('forEach' in step) || IN_PARALLEL.test(path)) return;
    const message = `${path}.forEach: it stands in a parallel stage only`;
    throw new Problem('INVALID_REQUEST', [{ path: `${path}.forEach`, message }]);
  });
}

/** A workflow that is its own child. Longer ways round are found where the other workflows are at hand. */
function refuseItself(name: string, body: unknown): void {
  eachStep(body, (step, path) => {
    if (!('workflow' in step) || step.workflow !== name) return;
    const message = `${path}.workflow: ${name} would start itself without end`;
    throw new Problem('WORKFLOW_CYCLE', [{ path: `${path}.workflow`, message }]);
  });
}
