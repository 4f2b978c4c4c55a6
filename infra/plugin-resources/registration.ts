import { toPluginDefinition } from '../../src/contract/plugin-definition.ts';
import type { PluginDefinition } from '../../src/core/plugin.ts';
import { coreValue } from './core-parameters.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import type { Resource } from './plugin-service.ts';

/** The core answers in seconds; without this, a stack would wait an hour for a core that does not. */
const SERVICE_TIMEOUT_SECONDS = 300;

const REGISTRATION = 'Custom::BatonPlugin';

/** What the core gets to know of a plugin. */
function definitionOf({ block, functionName }: PluginFunction): Declared {
  const {
    plugin,
    batchSize,
    batchingWindowSeconds,
    maxReceiveCount,
    alarms,
    statements,
    switchOffAfterIdle,
    ...rest
  } = block;
  const isLambda = block.runs === undefined;
  const name = { name: plugin, ...(isLambda && { functionName }) };
  const declared = { ...rest, ...name, switchOffAfterIdleSeconds: switchOffAfterIdle };
  const { inputSchema } = rest;
  return { ...toPluginDefinition(declared), ...(inputSchema && { inputSchema }) };
}

type Declared = PluginDefinition & { readonly inputSchema?: object };

function declaredIn({ Properties }: Resource): Declared {
  return JSON.parse(String(Properties.Definition)) as Declared;
}

/** Whether the resource registers the plugin of that name. */
export function isRegistrationOf(plugin: unknown, resource: Resource): boolean {
  return resource.Type === REGISTRATION && declaredIn(resource).name === plugin;
}

/** The registration with the schema of the plugin's input, unless its block has one. */
export function withInputSchema(registration: Resource, inputSchema: object): Resource {
  const Definition = JSON.stringify({ inputSchema, ...declaredIn(registration) });
  return { ...registration, Properties: { ...registration.Properties, Definition } };
}

/** The custom resource that registers a plugin, once its tasks can reach it and its dead letters the core. */
export function registrationOf(plugin: PluginFunction): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  return {
    [`${id}Registration`]: {
      Type: REGISTRATION,
      DependsOn: [
        ...(plugin.block.ordered === undefined ? [`${id}QueuePolicy`, `${id}Subscription`] : []),
        `${id}Burial`,
      ],
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
