import { adHocName } from '../../contract/ad-hoc-name.ts';
import type { ClientContract } from '../../contract/order-request.ts';
import type { WorkflowRef } from '../../core/order.ts';
import type { Todo, Workflow } from '../../core/workflow.ts';
import { activitiesOf } from '../../core/workflow.ts';
import type { Clients } from '../../ports/clients.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Workflows } from '../../ports/workflows.ts';
import { fingerprintOf } from './order-identity.ts';

/** What requests name, looked up once for each request, however many of its rows name it. */
export interface Lookups {
  client(clientId: string): Promise<ClientContract | undefined>;
  /** The latest version. */
  workflow(name: string): Promise<Workflow | undefined>;
  /** The ad-hoc workflow that runs the list; stored when it is new. */
  adHoc(todo: Todo): Promise<WorkflowRef>;
  /** Those of the plugins that are not registered. */
  unregistered(plugins: Iterable<string>): Promise<readonly string[]>;
}

export interface LookupPorts {
  readonly clients: Clients;
  readonly registry: Registry;
  readonly workflows: Workflows;
}

export function createLookups({ clients, registry, workflows }: LookupPorts): Lookups {
  let fresh: ReturnType<Registry['plugins']> | undefined;

  return {
    client: once((clientId) => clients.get(clientId)),
    workflow: once((name) => workflows.latest(name)),
    adHoc: once(async (todo: Todo) => {
      const name = adHocName(fingerprintOf(todo));
      const { workflow } = await workflows.put({ name, on: [], activities: activitiesOf(todo) });
      return { name, version: workflow.version };
    }),
    async unregistered(plugins) {
      const names = [...plugins];
      const cached = await registry.plugins();
      const unknown = names.filter((name) => !cached.has(name));
      if (unknown.length === 0) return unknown;
      // It may have been deployed a moment ago.
      fresh ??= registry.plugins({ fresh: true });
      const registered = await fresh;
      return unknown.filter((name) => !registered.has(name));
    },
  };
}

/** Calls once for each argument, and hands the same answer out again. */
function once<Argument, T>(call: (argument: Argument) => Promise<T>) {
  const answers = new Map<string, Promise<T>>();
  return (argument: Argument): Promise<T> => {
    const key = JSON.stringify(argument);
    const known = answers.get(key) ?? call(argument);
    answers.set(key, known);
    return known;
  };
}
