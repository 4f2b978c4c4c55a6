import { pluginsNamedIn } from '../../contract/definition-content.ts';
import { nameSchema } from '../../contract/json.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { planRequestSchema } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import type { LeftOut } from '../../core/journal-entry.ts';
import type { Json } from '../../core/json.ts';
import type { Plugin, Plugins } from '../../core/plugin.ts';
import { tasksOf } from '../../core/task-records.ts';
import type { Workflow } from '../../core/workflow.ts';
import { tryOrder } from '../../engine/try-order.ts';
import { unregistered } from '../../engine/unregistered.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Evaluator } from '../../ports/evaluator.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Workflows } from '../../ports/workflows.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { jsonBody } from '../http/api-request.ts';

export interface PlanPorts {
  readonly workflows: Pick<Workflows, 'get' | 'latest'>;
  readonly registry: Registry;
  readonly evaluator: Evaluator;
  /** For waits until an instant. */
  readonly clock: Clock;
}

/** As much as one order may have. Bytes of JSON. */
const MAX_PLANNED_BYTES = 256 * 1024;

/** What each task takes in a plan, which waits for nothing. Milliseconds. */
const TASK_MS = 1;

/** @throws {Problem} NOT_FOUND, for the version alone where the workflow has others */
async function workflowOf(
  name: string,
  version: number | undefined,
  workflows: PlanPorts['workflows'],
): Promise<Workflow> {
  const latest = nameSchema.safeParse(name).success ? await workflows.latest(name) : undefined;
  if (latest === undefined) throw new Problem('NOT_FOUND', `there is no workflow ${name}`);
  if (version === undefined) return latest;
  const asked = await workflows.get({ name, version });
  if (asked !== undefined) return asked;
  const message = `version: ${name} has no version ${version}`;
  throw new Problem('NOT_FOUND', [{ path: 'version', message }]);
}

/**
 * Who would take part in an order of the workflow, and who would not and why, if it were placed now: the core that runs orders plays it,
 * with every plugin handing back its input, and every event coming without data. Nothing is stored or sent. An activity with `repeat` is
 * played once: from the input of its plugins nobody knows what its `until` will say of their results.
 */
export async function planWorkflow(
  request: ApiRequest,
  { workflows, registry, evaluator, clock }: PlanPorts,
) {
  const { name = '' } = request.params;
  const body = jsonBody(request, MAX_PLANNED_BYTES);
  const { attributes, input, version } = parse(planRequestSchema, body);
  const workflow = await workflowOf(name, version, workflows);
  const registered = await registry.plugins({ fresh: true });
  const missing = [...pluginsNamedIn(workflow)].filter((plugin) => !registered.has(plugin));
  const plugins: Plugins = new Map([
    ...Array.from(registered, ([name, one]) => [name, outOfQuarantine(one)] as const),
    ...missing.map((plugin) => [plugin, unregistered(plugin)] as const),
  ]);
  const order = { input: (input ?? null) as Json, attributes };
  const { entries, dispatched } = await tryOrder(
    order,
    { workflow: playedOnce(workflow), plugins },
    async ({ awaits, input: result }) => ({
      afterMs: TASK_MS,
      answer: { result: awaits ? null : result },
    }),
    evaluator,
    clock(),
  );
  const state = entries.at(-1)?.state;
  const placed = new Map(tasksOf(entries).map((task) => [task.taskId, task]));
  return {
    status: 200,
    body: {
      ...{ name, version: workflow.version },
      tasks: dispatched.map((task) => ({
        ...{ job: task.job, plugin: task.plugin },
        activity: activityName(workflow, placed.get(task.taskId)?.activity ?? 0),
        ...{ stage: task.stage, input: task.input },
      })),
      leftOut: entries.flatMap(({ leftOut = [] }) =>
        leftOut.map((one) => viewLeftOut(one, workflow)),
      ),
      ...(missing.length > 0 && { unregistered: missing }),
      ...defined({ error: state?.status === 'failed' ? state.error : undefined }),
    },
  };
}

/** Each round would be as the first, and which tasks would be enough nobody knows. */
function playedOnce(workflow: Workflow): Workflow {
  const activities = workflow.activities.map(({ repeat: _, enough: __, ...once }) => once);
  return { ...workflow, activities };
}

/** Who takes part does not depend on it: a task for a plugin in quarantine waits. */
function outOfQuarantine({ quarantined: _, ...plugin }: Plugin): Plugin {
  return plugin;
}

function viewLeftOut(leftOut: LeftOut, workflow: Workflow): object {
  return { ...leftOut, activity: activityName(workflow, leftOut.activity) };
}

function activityName({ activities }: Workflow, index: number): string {
  return activities[index]?.name ?? String(index + 1);
}
