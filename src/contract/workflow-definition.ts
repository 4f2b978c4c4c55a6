import jsonata from 'jsonata';
import type { Document } from 'yaml';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import type { Json } from '../core/json.ts';
import type { Activity, Step } from '../core/workflow.ts';
import type { Definition } from './definition-content.ts';
import { expressionsIn } from './definition-content.ts';
import { durationSchema } from './duration.ts';
import { jsonSchema, nameSchema, pluginNameSchema } from './json.ts';
import { checkDepth } from './json-text.ts';
import { parse } from './parse.ts';
import { retryOverrideSchema, timeoutSchema } from './plugin-definition.ts';
import type { ProblemDetail } from './problem.ts';
import { Problem } from './problem.ts';

const pluginEntrySchema = z.strictObject({
  plugin: pluginNameSchema,
  mandatory: z.boolean().optional(),
  when: z.string().min(1).optional(),
  input: jsonSchema.optional(),
  retry: retryOverrideSchema.optional(),
  timeoutSeconds: timeoutSchema.optional(),
  totalSeconds: timeoutSchema.optional(),
});

const stepSchema = z.union(
  [
    z.literal('*').meta({ description: 'everyone who is registered for the stage' }),
    pluginNameSchema,
    pluginEntrySchema,
    z.strictObject({ wait: durationSchema }),
  ],
  'a stage entry is "*", a plugin\'s name, or an object with `plugin` or `wait`',
);

const stageSchema = z
  .union([
    z.literal('*').transform((): z.output<typeof stepSchema>[] => ['*']),
    z.array(stepSchema).max(200),
  ])
  .default([])
  .refine(
    (entries) => entries.filter((one) => one === '*').length <= 1,
    '"*" stands once in a stage',
  );

const activitySchema = z
  .strictObject({ name: nameSchema, pre: stageSchema, parallel: stageSchema, post: stageSchema })
  .refine(
    ({ pre, parallel, post }) => pre.length + parallel.length + post.length > 0,
    'an activity has at least one entry in pre, parallel or post',
  );

/** A workflow definition. */
export const definitionSchema = z
  .strictObject({
    name: nameSchema,
    on: z.array(z.string().min(1).max(200)).max(50).default([]),
    activities: z.array(activitySchema).min(1, 'a workflow has at least one activity').max(200),
  })
  .superRefine(({ activities }, context) => {
    activities.forEach(({ name }, index) => {
      if (activities.findIndex((one) => one.name === name) === index) return;
      const message = `there is another activity called ${name}`;
      context.addIssue({ code: 'custom', path: ['activities', index, 'name'], message });
    });
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
      }),
    ),
  };
  checkExpressions(definition);
  return definition;
}

/** A definition from JSON or YAML text; errors carry the line that they are about. */
export function readDefinitionText(name: string, text: string): Definition {
  const lines = new LineCounter();
  // Pretty errors, each with its excerpt, would make a text full of them take half a minute.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { line } = lines.linePos(syntax.pos[0]);
    throw new Problem('MALFORMED_BODY', [{ message: reasonOf(syntax), line }]);
  }
  try {
    return readDefinition(name, valueOfDocument(document));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(
      error.code,
      error.errors.map((detail) => ({ ...lineOf(detail), ...detail })),
    );
  }

  function lineOf({ path }: ProblemDetail): { line?: number } {
    const keys = path?.match(/[^.[\]]+/g) ?? [];
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node = document.getIn(keys.slice(0, depth), true) as { range?: [number] } | undefined;
      if (node?.range) return { line: lines.linePos(node.range[0]).line };
    }
    return {};
  }
}

/** The value of a YAML document, aliases resolved. @throws {Problem} for one that is no tree, or a tree too deep or too wide. */
function valueOfDocument(document: Document): unknown {
  let value: unknown;
  let text: string | undefined;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
    text = JSON.stringify(value);
  } catch (error) {
    // Aliases without end, or around in a circle.
    throw new Problem('MALFORMED_BODY', reasonOf(error));
  }
  checkDepth(text ?? '');
  return value;
}

/** A document may repeat itself by aliases this often; a few of them within each other would fill the memory. */
const MAX_ALIASES = 20;

function toStep(entry: z.output<typeof stepSchema>): Step {
  if (entry === '*') return { everyone: true };
  if (typeof entry === 'string') return { plugin: entry };
  if ('wait' in entry) return { waitSeconds: entry.wait };
  return JSON.parse(JSON.stringify(entry)) as Step;
}

function eachEntry(body: unknown, visit: (entry: object, path: string) => void): void {
  const activities = (body as { activities?: unknown } | null)?.activities;
  if (!Array.isArray(activities)) return;
  activities.forEach((activity: unknown, index) => {
    for (const stage of ['pre', 'parallel', 'post'] as const) {
      const entries = (activity as Record<string, unknown> | null)?.[stage];
      if (!Array.isArray(entries)) continue;
      entries.forEach((entry: unknown, at) => {
        const path = `activities[${index}].${stage}[${at}]`;
        if (typeof entry === 'object' && entry !== null) visit(entry, path);
      });
    }
  });
}

/** Child orders are not supported yet; a workflow that is its own child never could be. */
function refuseUnsupported(name: string, body: unknown): void {
  eachEntry(body, (entry, path) => {
    if ('workflow' in entry) {
      if (entry.workflow === name) {
        const message = `${path}.workflow: ${name} would start itself without end`;
        throw new Problem('WORKFLOW_CYCLE', [{ path: `${path}.workflow`, message }]);
      }
      const message = `${path}.workflow: child orders are not supported yet`;
      throw new Problem('UNSUPPORTED_STEP', [{ path: `${path}.workflow`, message }]);
    }
    if ('forEach' in entry) {
      const message = `${path}.forEach: one task per element is not supported yet`;
      throw new Problem('UNSUPPORTED_STEP', [{ path: `${path}.forEach`, message }]);
    }
  });
}

/** How much of a broken expression an error repeats. Characters. */
const MAX_SHOWN = 200;

/** What a parser said; all of them recurse on the stack. */
function reasonOf(error: unknown): string {
  const reason = (error as { message?: string }).message ?? String(error);
  return reason.includes('call stack') ? 'this nests too deep' : (reason.split('\n')[0] ?? reason);
}

function checkExpressions(definition: Definition): void {
  const errors: ProblemDetail[] = [];
  eachEntry(definition, (entry, path) => {
    const { when, input } = entry as { when?: string; input?: Json };
    if (when !== undefined) check(when, `${path}.when`);
    for (const expression of input === undefined ? [] : expressionsIn(input)) {
      check(expression, `${path}.input`);
    }
  });
  if (errors.length > 0) throw new Problem('INVALID_EXPRESSION', errors);

  function check(expression: string, path: string): void {
    try {
      jsonata(expression);
    } catch (error) {
      const reason = reasonOf(error);
      const shown = JSON.stringify(expression.slice(0, MAX_SHOWN));
      errors.push({ path, message: `${path}: ${reason} (in ${shown})` });
    }
  }
}
