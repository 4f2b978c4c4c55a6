import { isDeepStrictEqual } from 'node:util';
import type { Workflow } from '../../../src/core/workflow.ts';
import type { Workflows } from '../../../src/ports/workflows.ts';

export function createMemoryWorkflows(): Workflows {
  const versions = new Map<string, Workflow[]>();

  return {
    async get({ name, version }) {
      return versions.get(name)?.[version - 1];
    },

    async latest(name) {
      return versions.get(name)?.at(-1);
    },

    async put(definition) {
      const earlier = versions.get(definition.name) ?? [];
      const latest = earlier.at(-1);
      const again = { ...definition, version: earlier.length };
      if (latest !== undefined && isDeepStrictEqual(latest, again)) {
        return { workflow: latest, created: false };
      }
      const workflow = { ...definition, version: earlier.length + 1 };
      versions.set(definition.name, [...earlier, workflow]);
      return { workflow, created: true };
    },

    async list() {
      const names = [...versions.keys()].filter((name) => !name.startsWith('todo-')).sort();
      return names.flatMap((name) => versions.get(name)?.at(-1) ?? []);
    },
  };
}
