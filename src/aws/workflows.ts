import { isDeepStrictEqual } from 'node:util';
import { isAdHoc } from '../contract/ad-hoc-name.ts';
import type { Definition } from '../contract/definition-content.ts';
import { defined } from '../core/defined.ts';
import type { WorkflowRef } from '../core/order.ts';
import type { Workflow } from '../core/workflow.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredVersion, Workflows } from '../ports/workflows.ts';
import type { Condition, Item, Table } from './table.ts';
import { IS_NEW, IS_THERE } from './table.ts';

/** Versions that an instance keeps in memory: they never change. */
const REMEMBERED = 200;

/**
 * How long an ad-hoc list stays after it was last asked for, in seconds: a list that nobody names any more would stay for ever. The orders that have
 * it must have ended by then.
 */
const AD_HOC_SECONDS = 400 * 86_400;

const LATEST_PARTITION = 'workflows';

/**
 * Versions: `pk = workflow#<name>`, `sk = v#<version>`, never changed. The latest of each: `pk = workflows`, `sk = <name>`. The
 * version is written first, and its number is the lock; whoever finds a version that the latest does not tell of yet
 * helps its writer, who may have died, and goes on from there.
 */
export function createWorkflows(table: Table, clock: Clock): Workflows {
  const remembered = new Map<string, Workflow>();

  return {
    async get(ref) {
      const known = remembered.get(keyOf(ref).pk + keyOf(ref).sk);
      if (known !== undefined) return known;
      const item = await table.get(keyOf(ref));
      return item && remember(workflowOf(item));
    },

    latest,

    async put(definition, by) {
      if (isAdHoc(definition.name)) return putAdHoc(definition);
      for (;;) {
        const before = await latest(definition.name);
        if (before !== undefined && isSame(before, definition)) {
          return { workflow: before, created: false };
        }
        const workflow = { ...definition, version: (before?.version ?? 0) + 1 };
        const { done, found } = await store(workflow, {
          storedAt: clock(),
          ...defined({ storedBy: by }),
        });
        await advance(found);
        if (done) return { workflow: remember(workflow), created: true };
      }
    },

    async versions(name) {
      const versions: StoredVersion[] = [];
      const partition = ['pk', keyOf({ name, version: 0 }).pk] as const;
      const query = { partition, only: ['sk', 'storedAt', 'storedBy'], consistent: true };
      for await (const page of table.pages(query)) versions.push(...page.map(versionOf));
      return versions;
    },

    async list() {
      const workflows: Workflow[] = [];
      const query = { partition: ['pk', LATEST_PARTITION] as const, consistent: true };
      for await (const page of table.pages(query)) workflows.push(...page.map(workflowOf));
      return workflows;
    },
  };

  async function latest(name: string): Promise<Workflow | undefined> {
    const item = isAdHoc(name)
      ? await table.get(keyOf({ name, version: 1 }))
      : await table.get({ pk: LATEST_PARTITION, sk: name });
    return item && workflowOf(item);
  }

  async function putAdHoc(definition: Definition) {
    const ref = { name: definition.name, version: 1 };
    const known = remembered.get(keyOf(ref).pk + keyOf(ref).sk);
    if (known !== undefined) return { workflow: known, created: false };
    const now = Math.floor(clock() / 1000);
    const expiresAt = now + AD_HOC_SECONDS;
    const { done, found, item } = await store({ ...definition, ...ref }, { expiresAt });
    // Not at each order: once in the first half of its time is enough.
    if (!done && Number(item.expiresAt) - now < AD_HOC_SECONDS / 2) {
      await table.set(keyOf(ref), { expiresAt }, IS_THERE);
    }
    return { workflow: remember(found), created: done };
  }

  /** Stores the version unless its number is taken; `found` is the one that holds the number now. */
  async function store(
    workflow: Workflow,
    about: Item = {},
  ): Promise<{ done: boolean; found: Workflow; item: Item }> {
    const item = { ...keyOf(workflow), workflow: JSON.stringify(workflow), ...about };
    const written = await table.put(item, IS_NEW);
    if (written.done) return { done: true, found: workflow, item };
    return { done: false, found: workflowOf(written.found), item: written.found };
  }

  async function advance(workflow: Workflow): Promise<void> {
    const { name, version } = workflow;
    const item = { version, workflow: JSON.stringify(workflow) };
    await table.put({ pk: LATEST_PARTITION, sk: name, ...item }, isLaterThan(version));
  }

  function remember(workflow: Workflow): Workflow {
    const { pk, sk } = keyOf(workflow);
    remembered.set(pk + sk, workflow);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return workflow;
  }
}

function keyOf({ name, version }: WorkflowRef) {
  return { pk: `workflow#${name}`, sk: `v#${version}` };
}

function versionOf({ sk, storedAt, storedBy }: Item): StoredVersion {
  return {
    version: Number(String(sk).slice('v#'.length)),
    ...defined({
      storedAt: storedAt === undefined ? undefined : Number(storedAt),
      storedBy: storedBy === undefined ? undefined : String(storedBy),
    }),
  };
}

function isLaterThan(version: number): Condition {
  const isFirst = 'attribute_not_exists(pk)';
  const isEarlier = 'version < :version';
  return { expression: `${isFirst} OR ${isEarlier}`, values: { version } };
}

function workflowOf(item: Readonly<Record<string, unknown>>): Workflow {
  return JSON.parse(String(item.workflow)) as Workflow;
}

/** In whatever order their keys stand. */
function isSame(workflow: Workflow, definition: Definition): boolean {
  const { version: _, ...content } = workflow;
  return isDeepStrictEqual(content, JSON.parse(JSON.stringify(definition)));
}
