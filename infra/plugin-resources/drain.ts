import { runsInContainer } from './container.ts';
import { coreValue } from './core-parameters.ts';
import { logicalIdOf, mappingIdOf, type PluginFunction } from './plugin-function.ts';
import type { Resource } from './plugin-service.ts';

/** The core gives a plugin 15 minutes to finish, and looks once a minute (src/app/registration/drain-plugins.ts). */
const SERVICE_TIMEOUT_SECONDS = 20 * 60;

/** A stateful one has 50, since its sessions end with their orders. CloudFormation waits no longer than this. */
const STATEFUL_TIMEOUT_SECONDS = 60 * 60;

/**
 * What CloudFormation deletes first. It stands on the mapping, and so on the function, its role, the registration, both queues and
 * the subscription: all of them are there until the core says that the plugin has finished. The registration cannot wait for
 * that itself: the function needs its key, so it is deleted after function and mapping. A container has neither; there it stands on the
 * role, and on the settings, which need the key likewise.
 */
export function drainOf(plugin: PluginFunction): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  return {
    [`${id}Drain`]: {
      Type: 'Custom::BatonDrain',
      DependsOn: runsInContainer(plugin)
        ? [`${id}Role`, `${id}WorkerSettings`]
        : [mappingIdOf(plugin)],
      Properties: {
        ServiceToken: coreValue('CoreRegistrationsTopicArn'),
        ServiceTimeout: plugin.block.stateful ? STATEFUL_TIMEOUT_SECONDS : SERVICE_TIMEOUT_SECONDS,
        Plugin: plugin.block.plugin,
        Registration: `${id}Registration`,
      },
    },
  };
}
