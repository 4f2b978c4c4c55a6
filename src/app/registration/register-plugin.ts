import * as z from 'zod';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import {
  registeredDefinitionSchema,
  toPluginDefinition,
} from '../../contract/plugin-definition.ts';
import { pluginQueueName } from '../../contract/plugin-queues.ts';
import { pluginKey } from '../../contract/task-token.ts';
import { defined } from '../../core/defined.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Plugin } from '../../core/plugin.ts';
import type { BoundedPlugins } from '../../ports/bounded-plugins.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InputSchemas } from '../../ports/input-schemas.ts';
import type { Lifecycle } from '../../ports/lifecycle.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { Quarantines } from '../../ports/quarantines.ts';
import type { Registry, StackRequest } from '../../ports/registry.ts';
import type { Workflows } from '../../ports/workflows.ts';
import { logger } from '../logger.ts';
import { holdNewcomer } from '../quarantine/hold-newcomer.ts';
import type { CustomResourceRequest, Result } from './custom-resource.ts';
import { ownerOf, physicalIdIn } from './custom-resource.ts';
import type { Home } from './home.ts';
import { isQueueOf } from './home.ts';
import { joinedBefore, reasonsAgainst, uninvited } from './joining.ts';
import { tellOfPlugin } from './tell-of-plugin.ts';

export interface RegistrationPorts {
  readonly registry: Registry;
  readonly workflows: Pick<Workflows, 'latest' | 'list'>;
  readonly masterSecret: MasterSecret;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly inputSchemas: InputSchemas;
  readonly quarantines: Pick<Quarantines, 'get' | 'put'>;
  readonly boundedPlugins: Pick<BoundedPlugins, 'add'>;
  /** Where an imitation of AWS listens; none on AWS itself. */
  readonly localOrigins: readonly string[];
}

/** The definition is text: CloudFormation turns every number and boolean of a property into a string. */
const propertiesSchema = z.object({
  Definition: z.string(),
  QueueUrl: z.url(),
  QueueArn: z.string().startsWith('arn:'),
});

/**
 * Registers the plugin that a stack's `Custom::BatonPlugin` describes, or says why not. A request that comes again, or late, changes
 * nothing and is answered as before: its stack has heard that answer, or waits for it.
 */
export async function register(
  request: Exclude<CustomResourceRequest, { RequestType: 'Delete' }>,
  by: StackRequest,
  home: Home,
  ports: RegistrationPorts,
): Promise<Result> {
  const { definition, inputSchema, queue } = registrationIn(request);
  const { name } = definition;
  const refuse = (reason: string): Result => ({ physicalId: physicalIdIn(request), reason });
  if (!isQueueOf(definition, queue, home, ports.localOrigins)) {
    const own = pluginQueueName(definition, home.prefix);
    return refuse(`plugin ${name} has the queue ${own} of this system, not ${queue.queueArn}`);
  }
  const { registry, workflows, masterSecret } = ports;
  const known = await registry.find(name);
  const reasons = await reasonsAgainst(definition, known, workflows);
  if (reasons.length > 0) return refuse(`plugin ${name}: ${reasons.join('; ')}`);
  const pending = await uninvited(definition, workflows);
  if (pending.length > 0) {
    logger.warn('no workflow invites it there yet', { plugin: name, pending });
  }
  // Read before anything is stored: a Create that fails gets no Delete that would take it back.
  const key = pluginKey((await masterSecret.read()).current, name);
  const owner = ownerOf(request);
  const own = known?.owner === owner ? known : undefined;
  // What is created is new, its queue and its mapping as well. An update leaves them as they are.
  const kept = request.RequestType === 'Update' ? own : undefined;
  const plugin: Plugin = {
    ...{ ...definition, owner, ...queue, registeredAt: kept?.registeredAt ?? ports.clock() },
    ...defined({ switchedOff: kept?.switchedOff }),
    ...(own === undefined ? {} : joinedBefore(definition, own)),
  };
  // Held back before it is known: no task slips through.
  if (known === undefined) await holdNewcomer(plugin, ports);
  if (plugin.tasksPerClient !== undefined) await ports.boundedPlugins.add(name);
  const registered = await registry.put(plugin, by);
  if (registered.outcome === 'taken') {
    return refuse(`plugin ${name} is registered by another stack: ${registered.owner}`);
  }
  // The same request once more may find that it was not done.
  await ports.inputSchemas.put(name, inputSchema, by.sentAt);
  if (registered.outcome === 'superseded')
    logger.info('a later request counts', { plugin: name, by });
  else await tellOfPlugin({ type: 'plugin.registered', plugin: name, owner }, ports.lifecycle);
  return { physicalId: `plugin/${name}`, data: { Key: key } };
}

function registrationIn({ ResourceProperties }: { readonly ResourceProperties?: unknown }) {
  const { Definition, QueueUrl, QueueArn } = parse(propertiesSchema, ResourceProperties);
  const declared = parse(registeredDefinitionSchema, readJson(Definition));
  const inputSchema: JsonObject | undefined = declared.inputSchema;
  const queue = { queueUrl: QueueUrl, queueArn: QueueArn };
  return { definition: toPluginDefinition(declared), inputSchema, queue };
}

/** The name of the plugin that the properties describe; `undefined` where they describe none. */
export function nameIn(properties: unknown): string | undefined {
  try {
    return registrationIn({ ResourceProperties: properties }).definition.name;
  } catch {
    return undefined;
  }
}
