import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { isAdHoc } from '../../contract/ad-hoc-name.ts';
import type { Definition } from '../../contract/definition-content.ts';
import {
  pluginsNamedIn,
  workflowsNamedIn,
  writeDefinition,
} from '../../contract/definition-content.ts';
import { nameSchema } from '../../contract/json.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { putWorkflowQuerySchema } from '../../contract/requests.ts';
import { readText } from '../../contract/utf8-text.ts';
import { readDefinitionText } from '../../contract/workflow-definition.ts';
import type { Workflow } from '../../core/workflow.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Workflows } from '../../ports/workflows.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { isJson, notTaken } from '../http/api-request.ts';
import { httpApi } from '../http/http-api.ts';
import { pageByName } from '../http/paging.ts';
import { actorOf } from '../orders/acts-api.ts';
import { refuseCycles } from './workflow-cycles.ts';

export interface WorkflowsPorts {
  readonly workflows: Workflows;
  readonly registry: Registry;
}

/** A definition is stored as one item of at most 400 KB. */
const MAX_DEFINITION_BYTES = 256 * 1024;

const YAML_TYPES: readonly string[] = [
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
  'text/x-yaml',
];

export function makeWorkflows(ports: WorkflowsPorts) {
  return httpApi([
    {
      method: 'GET',
      path: '/workflows',
      readsQuery: true,
      handle: (request) => listWorkflows(request, ports),
    },
    {
      method: 'PUT',
      path: '/workflows/{name}',
      readsQuery: true,
      handle: (request) => putWorkflow(request, ports),
    },
    {
      method: 'GET',
      path: '/workflows/{name}',
      handle: async ({ params: { name = '' } }) => {
        const known = nameSchema.safeParse(name).success;
        return found(known ? await ports.workflows.latest(name) : undefined, name);
      },
    },
    {
      method: 'GET',
      path: '/workflows/{name}/versions/{version}',
      handle: async ({ params: { name = '', version = '' } }) => {
        const known = nameSchema.safeParse(name).success && /^[1-9]\d{0,8}$/.test(version);
        const ref = { name, version: Number(version) };
        return found(known ? await ports.workflows.get(ref) : undefined, `${name} ${version}`);
      },
    },
  ]);
}

async function listWorkflows({ query }: ApiRequest, { workflows }: WorkflowsPorts) {
  const { page, ...next } = pageByName(await workflows.list(), query);
  return { status: 200, body: { workflows: page.map(view), ...next } };
}

/** With `?validate=true` it is checked as if it were to be stored. */
async function putWorkflow(request: ApiRequest, { workflows, registry }: WorkflowsPorts) {
  const { name } = parse(z.object({ name: nameSchema }), request.params);
  const { validate } = parse(putWorkflowQuerySchema, request.query);
  if (isAdHoc(name)) {
    const message = 'name: names that begin with todo- are those of ad-hoc lists';
    throw new Problem('INVALID_REQUEST', [{ path: 'name', message }]);
  }
  if (!isJson(request) && !YAML_TYPES.includes(request.mediaType)) {
    throw notTaken(request, ['application/json', 'application/yaml']);
  }
  checkDefinitionSize(request.body.length);
  const format = isJson(request) ? 'json' : 'yaml';
  const definition = readDefinitionText(name, readText(request.body), format);
  checkDefinitionSize(Buffer.byteLength(JSON.stringify(definition)));
  const registered = await registry.plugins({ fresh: true });
  const children = workflowsNamedIn(definition);
  const stored = children.size === 0 ? [] : await workflows.list();
  refuseCycles(definition, stored);
  const warned = warnings([
    ...missingFrom(pluginsNamedIn(definition), registered).map(
      (plugin) => `plugin ${plugin} is not registered yet`,
    ),
    ...missingFrom(children, new Set(stored.map((one) => one.name))).map(
      (workflow) => `workflow ${workflow} is not stored yet`,
    ),
  ]);
  if (validate) {
    const latest = await workflows.latest(name);
    const isNew = latest === undefined || !isSame(definition, latest);
    const version = (latest?.version ?? 0) + (isNew ? 1 : 0);
    return { status: 200, body: { name, version, ...warned, stored: false } };
  }
  const { workflow, created } = await workflows.put(definition, actorOf(request.caller));
  const { version } = workflow;
  return { status: created ? 201 : 200, body: { name, version, ...warned } };
}

function missingFrom(
  named: ReadonlySet<string>,
  known: { has(name: string): boolean },
): readonly string[] {
  return [...named].filter((name) => !known.has(name));
}

function warnings(told: readonly string[]): { readonly warnings?: readonly string[] } {
  return told.length === 0 ? {} : { warnings: told };
}

/** Whether the definition says what the version says, in whatever order its keys stand. */
function isSame(definition: Definition, { version: _, ...latest }: Workflow): boolean {
  const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return isDeepStrictEqual(asJson(definition), asJson(latest));
}

function checkDefinitionSize(bytes: number): void {
  if (bytes <= MAX_DEFINITION_BYTES) return;
  const message = `the definition is ${bytes} bytes; at most ${MAX_DEFINITION_BYTES} are taken`;
  throw new Problem('TOO_LARGE', message);
}

function found(workflow: Workflow | undefined, name: string) {
  if (workflow === undefined) throw new Problem('NOT_FOUND', `there is no workflow ${name}`);
  return { status: 200, body: view(workflow) };
}

/** As it may be put again, and its version. */
function view(workflow: Workflow): object {
  const { name, ...definition } = writeDefinition(workflow);
  return { name, version: workflow.version, ...definition };
}
