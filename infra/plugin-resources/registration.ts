import { toPluginDefinition } from '../../src/contract/plugin-definition.ts';
import type { PluginDefinition } from '../../src/core/plugin.ts';
import { coreValue } from './core-parameters.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import type { Resource } from './plugin-service.ts';

/** The core answers in seconds; without this, a stack would wait an hour for a core that does not. */
const SERVICE_TIMEOUT_SECONDS = 300;

/** What the core gets to know of a plugin. */
export function definitionOf({ block, functionName }: PluginFunction): PluginDefinition {
  const { plugin, batchSize, maxReceiveCount, alarms, statements, switchOffAfterIdle, ...rest } =
    block;
  const isLambda = block.runs === undefined;
  const name = { name: plugin, ...(isLambda && { functionName }) };
  return toPluginDefinition({ ...rest, ...name, switchOffAfterIdleSeconds: switchOffAfterIdle });
}

/** The custom resource that registers a plugin, once its tasks can reach it and its dead letters the core. */
export function registrationOf(plugin: PluginFunction): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  return {
    [`${id}Registration`]: {
      Type: 'Custom::BatonPlugin',
      DependsOn: [`${id}QueuePolicy`, `${id}Subscription`, `${id}Burial`],
      Properties: {
        ServiceToken: coreValue('CoreRegistrationsTopicArn'),
        ServiceTimeout: SERVICE_TIMEOUT_SECONDS,
        // A core that was made again knows nothing of the plugin: with another id the registration changes, and the stack asks once more.
        CoreId: coreValue('CoreId'),
        // As text: CloudFormation turns the numbers and booleans of properties into strings.
        Definition: JSON.stringify(definitionOf(plugin)),
        QueueUrl: { Ref: `${id}Queue` },
        QueueArn: { 'Fn::GetAtt': [`${id}Queue`, 'Arn'] },
      },
    },
  };
}
