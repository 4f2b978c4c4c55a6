import { isDeepStrictEqual } from 'node:util';
import { defined } from '../../../src/core/defined.ts';
import type { Workflow } from '../../../src/core/workflow.ts';
import type { StoredVersion, Workflows } from '../../../src/ports/workflows.ts';

export function createMemoryWorkflows(clock: () => number = Date.now): Workflows {
  const versions = new Map<string, Workflow[]>();
  const stored = new Map<string, StoredVersion[]>();

  return {
    async get({ name, version }) {
      return versions.get(name)?.[version - 1];
    },

    async latest(name) {
      return versions.get(name)?.at(-1);
    },

    async put(definition, by) {
      const earlier = versions.get(definition.name) ?? [];
      const latest = earlier.at(-1);
      const again = { ...definition, version: earlier.length };
      if (latest !== undefined && isDeepStrictEqual(latest, again)) {
        return { workflow: latest, created: false };
      }
      const workflow = { ...definition, version: earlier.length + 1 };
      versions.set(definition.name, [...earlier, workflow]);
      const about = { version: workflow.version, storedAt: clock(), ...defined({ storedBy: by }) };
      stored.set(definition.name, [...(stored.get(definition.name) ?? []), about]);
      return { workflow, created: true };
    },

    versions: async (name) => stored.get(name) ?? [],

    async list() {
      const names = [...versions.keys()].filter((name) => !name.startsWith('todo-')).sort();
      return names.flatMap((name) => versions.get(name)?.at(-1) ?? []);
    },
  };
}
