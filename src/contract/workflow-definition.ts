import jsonata from 'jsonata';
import * as z from 'zod';
import { defined } from '../core/defined.ts';
import type { Json } from '../core/json.ts';
import type { Activity, OnFailure, PluginStep, StageName, Step } from '../core/workflow.ts';
import { STAGES } from '../core/workflow.ts';
import { isSameNumber } from './decimal.ts';
import type { Definition } from './definition-content.ts';
import { expressionsIn } from './definition-content.ts';
import { durationSchema } from './duration.ts';
import { nameSchema, pluginNameSchema } from './json.ts';
import { readJson } from './json-text.ts';
import { jsonSchema } from './json-value.ts';
import { parse } from './parse.ts';
import { retryOverrideSchema, timeoutSchema } from './plugin-definition.ts';
import type { ProblemDetail } from './problem.ts';
import { Problem } from './problem.ts';
import { locator, readYaml, reasonOf } from './yaml-text.ts';

const pluginStepSchema = z
  .strictObject({
    plugin: pluginNameSchema.meta({ description: 'the plugin that performs the task' }),
    mandatory: z.boolean().optional().meta({
      description:
        'false: the task may fail without failing its order. Default: true, or what the plugin says where it joins',
    }),
    when: z.string().min(1).optional().meta({
      description: 'JSONata: the task takes part if this is `true`. Default: always',
    }),
    forEach: z.string().min(1).optional().meta({
      description:
        'JSONata that comes to a list, of 50 elements at most: the step is one task per element, and gives the list of their results. Only in a parallel stage',
    }),
    concurrency: z.int().min(1).max(50).optional().meta({
      description: 'with `forEach`: no more of its tasks are under way at once. Default: all',
    }),
    tolerate: z
      .union(
        [z.int().min(0).max(50), z.string().regex(/^(100|[1-9]?\d)%$/)],
        'tolerate is a number of tasks, or a share such as "10%"',
      )
      .optional()
      .meta({
        description:
          'with `forEach`: no more of its tasks may fail without failing the order, as a number or a share such as `10%`. Default: none',
      }),
    input: z.optional(jsonSchema).meta({
      description:
        "the task's input: a JSONata expression, or a JSON template in which every string is one. Default: the previous result; with `forEach` the element, which expressions know as `$element`, and its place as `$index`",
    }),
    retry: retryOverrideSchema.optional().meta({
      description:
        "how failed attempts are repeated; what it leaves out is as the plugin's block says",
    }),
    timeoutSeconds: timeoutSchema.optional().meta({
      description:
        "the longest time of one attempt, from its dispatch. Seconds, a year at most. Default: the plugin's",
    }),
    totalSeconds: timeoutSchema.optional().meta({
      description:
        "the longest time of all attempts together, pauses included. Seconds, a year at most. Default: the plugin's",
    }),
  })
  .superRefine(({ forEach, concurrency, tolerate }, context) => {
    if (forEach !== undefined) return;
    for (const [field, value] of Object.entries({ concurrency, tolerate })) {
      if (value === undefined) continue;
      const message = `${field} goes with forEach`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .meta({
    id: 'PluginStep',
    dependentRequired: { concurrency: ['forEach'], tolerate: ['forEach'] },
  });

const stepSchema = z
  .union(
    [
      z.literal('*').meta({ description: 'everyone who is registered for the stage' }),
      pluginNameSchema.meta({ description: 'a plugin, with nothing else to say' }),
      pluginStepSchema,
      z
        .strictObject({
          wait: durationSchema.meta({
            description:
              'a pause: seconds, or a text such as `30s`, `10m`, `1h30m`, `2d`; a year at most',
          }),
        })
        .meta({ id: 'WaitStep' }),
    ],
    'a step of a stage is "*", a plugin\'s name, or an object with `plugin` or `wait`',
  )
  .meta({ id: 'Step' });

const stepsSchema = z.array(stepSchema).max(200);

/** With 50 elements each, a stage is no wider than 500 tasks and its other steps: see the costs of wide stages in tests/aws/stored-entries.test.ts. */
const MOST_LISTS = 10;

function hasList(step: z.output<typeof stepSchema>): boolean {
  return typeof step === 'object' && 'forEach' in step && step.forEach !== undefined;
}

const stageSchema = z
  .union([
    z
      .literal('*')
      .transform((): z.input<typeof stepsSchema> => ['*'])
      .pipe(stepsSchema),
    stepsSchema,
  ])
  .refine(
    (steps) => steps.filter((one) => one === '*').length <= 1,
    '"*" may stand once in a stage',
  )
  .refine(
    (steps) => steps.filter(hasList).length <= MOST_LISTS,
    `forEach may stand at ${MOST_LISTS} steps of a stage`,
  )
  .meta({ id: 'Stage', description: '`"*"` alone, or a list of steps' });

const onFailureSchema = z
  .strictObject({
    plugins: z
      .array(z.union([pluginNameSchema, pluginStepSchema]))
      .min(1, 'onFailure names at least one plugin')
      .max(50)
      .meta({ description: 'one after another, when the activity has failed for good' }),
    then: z.enum(['continue', 'fail']).default('fail').meta({
      description:
        '`continue`: the order goes on with the next activity; `fail`: it fails as it would have',
    }),
  })
  .meta({ id: 'OnFailure' });

/** For the JSON Schema of an activity: at least one stage has a step. */
const isNotEmpty = (stage: StageName) => ({
  required: [stage],
  properties: { [stage]: { not: { const: [] } } },
});

export const activitySchema = z
  .strictObject({
    name: nameSchema.meta({ description: 'unique in its workflow' }),
    pre: stageSchema.default([]).meta({ description: 'first: one after another. Default: nobody' }),
    parallel: stageSchema.default([]).meta({
      description: 'then: all at once; the stage ends when all have ended. Default: nobody',
    }),
    post: stageSchema.default([]).meta({ description: 'last: one after another. Default: nobody' }),
    onFailure: onFailureSchema
      .optional()
      .meta({ description: 'what is done when the activity has failed for good' }),
  })
  .refine(
    ({ pre, parallel, post }) => pre.length + parallel.length + post.length > 0,
    'an activity has at least one step in pre, parallel or post',
  )
  .meta({ id: 'Activity', allOf: [{ anyOf: STAGES.map(isNotEmpty) }] });

const FIELDS = {
  on: z
    .array(z.string().min(1).max(200))
    .max(50)
    .default([])
    .meta({ description: 'types of the events that start an order of it' }),
  activities: z
    .array(activitySchema)
    .min(1, 'a workflow has at least one activity')
    .max(200)
    .meta({ description: 'one after another' }),
  pivot: nameSchema
    .optional()
    .meta({ description: 'an activity: once it has ended, a failure undoes nothing' }),
  pauseOnFailure: z.boolean().optional().meta({
    description: 'an order pauses instead of failing when the attempts of a task are used up',
  }),
};

/** A workflow definition. */
export const definitionSchema = z
  .strictObject({ name: nameSchema.meta({ description: 'of the workflow' }), ...FIELDS })
  .superRefine(({ activities, pivot }, context) => {
    if (pivot !== undefined && !activities.some(({ name }) => name === pivot)) {
      const message = `there is no activity called ${pivot}`;
      context.addIssue({ code: 'custom', path: ['pivot'], message });
    }
    activities.forEach(({ name }, index) => {
      if (activities.findIndex((one) => one.name === name) === index) return;
      const message = `there is another activity called ${name}`;
      context.addIssue({ code: 'custom', path: ['activities', index, 'name'], message });
    });
  });

/** What `PUT /workflows/{name}` takes, as the documents describe it: `readDefinition` puts the address's name where there is none. */
export const putDefinitionSchema = z
  .strictObject({
    name: nameSchema.optional().meta({
      description: 'of the workflow. Default: what the address says, or what its file is called',
    }),
    ...FIELDS,
  })
  .meta({ id: 'WorkflowDefinition' });

/** A definition from a JSON value. @throws {Problem} that names each field that is wrong. */
export function readDefinition(name: string, body: unknown): Definition {
  refuseUnsupported(name, body);
  const named = typeof body === 'object' && body !== null ? { name, ...body } : body;
  const parsed = parse(definitionSchema, named);
  if (parsed.name !== name) {
    const message = `name: the address says ${name}, the body ${parsed.name}`;
    throw new Problem('INVALID_REQUEST', [{ path: 'name', message }]);
  }
  const definition: Definition = {
    name,
    on: parsed.on,
    activities: parsed.activities.map(
      (activity): Activity => ({
        name: activity.name,
        pre: activity.pre.map(toStep),
        parallel: activity.parallel.map(toStep),
        post: activity.post.map(toStep),
        ...(activity.onFailure && { onFailure: toOnFailure(activity.onFailure) }),
      }),
    ),
    ...defined({ pivot: parsed.pivot, pauseOnFailure: parsed.pauseOnFailure || undefined }),
  };
  refuseEachInRow(definition);
  checkExpressions(definition);
  return definition;
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

function toStep(step: z.output<typeof stepSchema>): Step {
  if (step === '*') return { everyone: true };
  if (typeof step === 'object' && 'wait' in step) return { waitSeconds: step.wait };
  return toPluginStep(step);
}

function toOnFailure({ plugins, then }: z.output<typeof onFailureSchema>): OnFailure {
  return { plugins: plugins.map(toPluginStep), then };
}

function toPluginStep(step: string | z.output<typeof pluginStepSchema>): PluginStep {
  if (typeof step === 'string') return { plugin: step };
  const { retry, ...own } = step;
  return { ...defined(own), ...(retry && { retry: defined(retry) }) };
}

/** Elements have no order of their own: their tasks run in parallel. */
function refuseEachInRow(definition: Definition): void {
  eachStep(definition, (step, path) => {
    if (!('forEach' in step) || path.includes('.parallel[')) return;
    const message = `${path}.forEach: it stands in a parallel stage only`;
    throw new Problem('INVALID_REQUEST', [{ path: `${path}.forEach`, message }]);
  });
}

function eachStep(body: unknown, visit: (step: object, path: string) => void): void {
  const activities = (body as { activities?: unknown } | null)?.activities;
  if (!Array.isArray(activities)) return;
  activities.forEach((activity: unknown, index) => {
    const { pre, parallel, post, onFailure } = (activity ?? {}) as Record<string, unknown>;
    const caught = (onFailure as { plugins?: unknown } | null | undefined)?.plugins;
    const stages = { pre, parallel, post, 'onFailure.plugins': caught };
    for (const [stage, steps] of Object.entries(stages)) {
      if (!Array.isArray(steps)) continue;
      steps.forEach((step: unknown, at) => {
        const path = `activities[${index}].${stage}[${at}]`;
        if (typeof step === 'object' && step !== null) visit(step, path);
      });
    }
  });
}

/** Child orders are not supported yet; a workflow that is its own child never could be. */
function refuseUnsupported(name: string, body: unknown): void {
  eachStep(body, (step, path) => {
    if ('workflow' in step) {
      if (step.workflow === name) {
        const message = `${path}.workflow: ${name} would start itself without end`;
        throw new Problem('WORKFLOW_CYCLE', [{ path: `${path}.workflow`, message }]);
      }
      const message = `${path}.workflow: child orders are not supported yet`;
      throw new Problem('UNSUPPORTED_STEP', [{ path: `${path}.workflow`, message }]);
    }
  });
}

/** How much of a broken expression an error repeats. Characters. */
const MAX_SHOWN = 200;

/** The numbers in an expression that JavaScript changes. @throws for an expression that does not parse */
function lostNumbers(expression: string) {
  const lost: { readonly written: string; readonly kept: number }[] = [];
  const seen = new Set<object>();
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    const { type, value, position } = node as Partial<Record<string, unknown>>;
    // JSONata keeps where a number ends, and makes a minus before it a part of the number.
    if (type === 'number' && typeof value === 'number' && typeof position === 'number') {
      const written = NUMBER_AT_END.exec(expression.slice(0, position))?.[0];
      const kept = Math.abs(value);
      if (written !== undefined && !isSameNumber(written, kept)) lost.push({ written, kept });
    }
    for (const part of Object.values(node)) look(part);
  };
  look(jsonata(expression).ast());
  return lost;
}

const NUMBER_AT_END = /(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;

function checkExpressions(definition: Definition): void {
  const errors: ProblemDetail[] = [];
  eachStep(definition, (step, path) => {
    const { when, forEach, input } = step as { when?: string; forEach?: string; input?: Json };
    if (when !== undefined) check(when, `${path}.when`);
    if (forEach !== undefined) check(forEach, `${path}.forEach`);
    for (const expression of input === undefined ? [] : expressionsIn(input)) {
      check(expression, `${path}.input`);
    }
  });
  if (errors.length > 0) throw new Problem('INVALID_EXPRESSION', errors);

  function check(expression: string, path: string): void {
    try {
      for (const { written, kept } of lostNumbers(expression)) {
        const message = `${path}: ${written} would become ${kept}; write it as text`;
        errors.push({ path, message });
      }
    } catch (error) {
      const reason = reasonOf(error);
      const shown = JSON.stringify(expression.slice(0, MAX_SHOWN));
      errors.push({ path, message: `${path}: ${reason} (in ${shown})` });
    }
  }
}
