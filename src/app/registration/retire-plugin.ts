import * as z from 'zod';
import type { InputSchemas } from '../../ports/input-schemas.ts';
import type { Lifecycle } from '../../ports/lifecycle.ts';
import type { StackRequest } from '../../ports/registry.ts';
import type { CustomResourceRequest, Result } from './custom-resource.ts';
import type { DrainPorts } from './drain-plugins.ts';
import { beginDrain } from './drain-plugins.ts';
import { nameIn } from './register-plugin.ts';
import { tellOfPlugin } from './tell-of-plugin.ts';

type Delete = Extract<CustomResourceRequest, { RequestType: 'Delete' }>;

type RetirePorts = DrainPorts & {
  readonly lifecycle: Lifecycle;
  readonly inputSchemas: InputSchemas;
};

const PHYSICAL_ID = /^(plugin|drain)\/(.+)$/;

/** What a `Custom::BatonDrain` says: the plugin, and the logical id of the resource that registers it. */
export const drainPropertiesSchema = z.object({
  Plugin: z.string().min(1),
  Registration: z.string().min(1),
});

/**
 * Removes a registration, or begins to drain its plugin. What another resource or another stack has registered stays.
 * @returns Nothing while the plugin has tasks to finish: the stack hears of it later.
 */
export async function retire(
  request: Delete,
  by: StackRequest,
  ports: RetirePorts,
): Promise<Result | undefined> {
  const { PhysicalResourceId: physicalId, ResourceProperties: properties } = request;
  const [, kind, named] = PHYSICAL_ID.exec(physicalId) ?? [];
  if (kind === 'drain' && named !== undefined) {
    const { data } = drainPropertiesSchema.safeParse(properties);
    if (data !== undefined && (await beginDrain(named, data.Registration, request, by, ports))) {
      await tellOfPlugin({ type: 'plugin.draining', plugin: named }, ports.lifecycle);
      return undefined;
    }
  } else {
    // A stack that never heard an answer to its Create deletes by an id of its own; the Create may still be on its way.
    const name = named ?? nameIn(properties);
    if (name !== undefined) await remove(name, by, ports);
  }
  return { physicalId, data: {} };
}

/** What is not there, or is another's, is not removed, and nobody is told. */
async function remove(
  name: string,
  by: StackRequest,
  { registry, lifecycle, inputSchemas }: RetirePorts,
): Promise<void> {
  const known = await registry.find(name);
  await registry.remove(name, by);
  if (known === undefined || (await registry.find(name)) !== undefined) return;
  await inputSchemas.put(name, undefined, by.sentAt);
  await tellOfPlugin({ type: 'plugin.removed', plugin: name }, lifecycle);
}
