import type { Block } from './block.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import type { Resource, ServiceFunction, System } from './plugin-service.ts';

/**
 * SQS hides no message for longer than that, counted from its delivery; an attempt's time counts from its dispatch, which is earlier.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
const LONGEST_TASK_SECONDS = 12 * 60 * 60;

/** Fields of a block that are about the function's event source mapping, and what says the same of a container. */
const OF_THE_MAPPING = {
  batchSize: 'a worker takes single tasks',
  batchingWindowSeconds: 'a worker takes single tasks',
  concurrency: '`baton worker --concurrency` and the number of containers say it',
  switchOffAfterIdle: 'a worker that is not needed is stopped by whoever started it',
} as const;

/** What a function that runs in a container may say beside its block: its code is deployed by others. */
const ABOUT_CONTAINER = new Set(['baton', 'description', 'events', 'handler', 'name', 'package']);

/** Whether no Lambda performs the plugin's tasks, but `baton worker` in containers, which somebody else deploys. */
export function runsInContainer({ block }: Pick<PluginFunction, 'block'>): boolean {
  return block.runs === 'container';
}

/** What the block of a container and its function say in vain, or too much of. */
export function reasonsAgainstContainer(
  { timeoutSeconds }: Pick<Block, 'timeoutSeconds'>,
  lambda: ServiceFunction,
): string[] {
  const reasons = Object.entries(OF_THE_MAPPING)
    .filter(([field]) => field in (lambda.baton as object))
    .map(([field, instead]) => `baton.${field}: means nothing with runs: container; ${instead}`);
  if (timeoutSeconds > LONGEST_TASK_SECONDS) {
    reasons.push(
      `baton.timeoutSeconds: at most ${LONGEST_TASK_SECONDS} with runs: container: SQS hides a message for 12 hours`,
    );
  }
  const inVain = Object.entries(lambda).filter(
    ([field, value]) => value !== undefined && !ABOUT_CONTAINER.has(field),
  );
  if ((lambda.events ?? []).length > 0) inVain.push(['events', lambda.events]);
  return [
    ...reasons,
    ...inVain.map(([field]) => `${field}: means nothing with baton.runs: container`),
  ];
}

/**
 * The settings of the plugin's workers, for the variable `BATON_WORKER`: one parameter, which costs nothing. Who may read it may answer the
 * plugin's tasks, as may who reads the environment of a plugin's Lambda.
 */
export function settingsOf(plugin: PluginFunction, system: System): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  const variables = {
    BATON_PLUGIN: plugin.block.plugin,
    BATON_PLUGIN_KEY: `\${${id}Registration.Key}`,
    BATON_ORCHESTRATOR_QUEUE_URL: `\${CoreOrchestratorQueueUrl}`,
    BATON_QUEUE_URL: `\${${id}Queue}`,
    BATON_API_URL: `\${CoreApiUrl}`,
    BATON_BUCKET_NAME: `\${CoreBucketName}`,
    AWS_REGION: `\${AWS::Region}`,
    ...(plugin.block.compensates && { BATON_COMPENSATES: 'true' }),
  };
  return {
    [`${id}WorkerSettings`]: {
      Type: 'AWS::SSM::Parameter',
      Properties: {
        Type: 'String',
        Name: settingsNameOf(plugin, system),
        Description: `BATON_WORKER of the plugin ${plugin.block.plugin}: settings of its workers`,
        Value: { 'Fn::Sub': JSON.stringify(variables) },
      },
    },
  };
}

/** The parameter's name. The local stack knows settings of workers by it, too. */
function settingsNameOf({ block }: PluginFunction, { name, stage }: System): string {
  return `/baton/${name}/${stage}/workers/${block.plugin}`;
}

/** What whoever deploys the containers needs to know. */
export function outputsOf(plugin: PluginFunction): Record<string, object> {
  const id = logicalIdOf(plugin);
  const { plugin: name } = plugin.block;
  return {
    [`${id}WorkerSettings`]: {
      Description: `The parameter that holds BATON_WORKER of the plugin ${name}`,
      Value: { Ref: `${id}WorkerSettings` },
    },
    [`${id}WorkerRole`]: {
      Description: `The role of the containers of the plugin ${name}`,
      Value: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
    },
    [`${id}WorkerQueue`]: {
      Description: `The queue by whose length the containers of the plugin ${name} scale`,
      Value: { Ref: `${id}Queue` },
    },
  };
}
