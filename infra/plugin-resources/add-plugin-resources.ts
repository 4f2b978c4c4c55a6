import { pluginQueueName } from '../../src/contract/plugin-queues.ts';
import { reasonAgainstNames } from '../core/system-name.ts';
import { isThrowAway, logRetentionDays } from '../core/throw-away.ts';
import { bounded, reasonAgainstBoundary } from '../stacks/permissions-boundary.ts';
import { OWNER_TAG, ownerTagOf } from '../stacks/reason-against-stack.ts';
import { alarmsOf } from './alarms.ts';
import { readBlock } from './block.ts';
import { outputsOf, reasonsAgainstContainer, runsInContainer, settingsOf } from './container.ts';
import { coreParametersIn, coreValue } from './core-parameters.ts';
import { drainOf } from './drain.ts';
import {
  reasonAgainstProviderRole,
  reasonAgainstReserve,
  statementsForSettings,
} from './function-settings.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import {
  prefixOf,
  type Resource,
  type Service,
  type ServiceFunction,
  type System,
} from './plugin-service.ts';
import { queuesOf } from './queues.ts';
import { registrationOf } from './registration.ts';
import { roleOf } from './role.ts';

/** What osls gives a function that names none. */
const DEFAULT_TIMEOUT_SECONDS = 6;

/** Longest name of a Lambda function: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const LONGEST_FUNCTION_NAME = 64;

/** Longest name of a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const LONGEST_QUEUE_NAME = 80;

/**
 * Lambda's own START, END and REPORT lines would cost more than half a task. What the function itself writes stays.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
 */
const QUIET_LOGS = { logFormat: 'JSON', systemLogLevel: 'WARN' };

/** `baton:` blocks that cannot be built, each line with service, function, field and reason. */
export class BlockError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'BlockError';
  }
}

/**
 * Gives each function with a `baton:` block its queue, dead-letter queue, mappings, subscription, role, alarm, registration and
 * environment, in place. A function whose block says `runs: container` is left out: it gets settings for its workers. Stack and functions are named after the system, so that one service can join several.
 *
 * A service without any block gets its names, too: when its last plugin goes, the stack that it had must be the one that is updated, or
 * the plugin would stay registered, and its queue with it, in a stack that nobody deploys any more.
 *
 * @param boundary the ARN of the policy that bounds the roles; empty if none does
 * @throws {BlockError}
 */
export function addPluginResources(service: Service, system: System, boundary = ''): void {
  const reason = reasonAgainstNames(system.name, system.stage) ?? reasonAgainstBoundary(boundary);
  if (reason !== undefined) throw new BlockError([`service "${service.service}": ${reason}`]);
  const plugins = readPlugins(service, system);
  const resources: Record<string, Resource> = {};
  for (const plugin of plugins) {
    const own = {
      ...queuesOf(plugin, system),
      ...roleOf(plugin),
      ...registrationOf(plugin),
      ...(runsInContainer(plugin) && settingsOf(plugin, system)),
      ...drainOf(plugin),
      ...alarmsOf(plugin, system),
    };
    refuseDoubles(service, plugin, Object.keys(own), resources);
    Object.assign(resources, own);
  }
  refuseTaken(service, resources);
  service.resources = {
    ...service.resources,
    Resources: bounded({ ...service.resources?.Resources, ...resources }, boundary),
  };
  service.provider.stackTags = {
    ...service.provider.stackTags,
    [OWNER_TAG]: ownerTagOf(system.name, system.stage),
  };
  // As the core's in such a stage, which its parameters may overrule; the author's own number stays.
  service.provider.logRetentionInDays ??= logRetentionDays(isThrowAway(system.stage));
  service.provider.stackName ??= `${prefixOf(system)}-${service.service}`;
  for (const [key, lambda] of Object.entries(service.functions)) {
    const plugin = plugins.find((one) => one.key === key);
    lambda.name = plugin?.functionName ?? functionNameOf(service, system, key, key);
  }
  for (const plugin of plugins) {
    if (runsInContainer(plugin)) leaveOut(service, plugin);
    else connect(service, plugin);
  }
  const { resources: own, functions, provider } = service;
  const ofCore = coreParametersIn([own, functions, provider.environment], system);
  const Parameters = { ...own?.Parameters, ...ofCore };
  if (Object.keys(Parameters).length > 0) service.resources.Parameters = Parameters;
}

/** Lambda gets nothing of a plugin whose containers others deploy. */
function leaveOut(service: Service, plugin: PluginFunction): void {
  delete service.functions[plugin.key];
  service.resources = {
    ...service.resources,
    Outputs: { ...service.resources?.Outputs, ...outputsOf(plugin) },
  };
}

function connect(service: Service, plugin: PluginFunction): void {
  const id = logicalIdOf(plugin);
  const lambda = service.functions[plugin.key]!;
  lambda.role = `${id}Role`;
  // An order may come to a plugin more often than the 16 times after which Lambda takes its chain of messages for a loop gone wild:
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
  lambda.recursiveLoop ??= 'Allow';
  lambda.logs ??= service.provider.logs?.lambda ?? QUIET_LOGS;
  lambda.environment = {
    ...lambda.environment,
    BATON_PLUGIN: plugin.block.plugin,
    // With another core the function changes, even if its key does not: the tool takes a function that is older than its package for a
    // deployment that failed, and would deploy again and again.
    BATON_CORE_ID: coreValue('CoreId'),
    BATON_PLUGIN_KEY: { 'Fn::GetAtt': [`${id}Registration`, 'Key'] },
    BATON_ORCHESTRATOR_QUEUE_URL: coreValue('CoreOrchestratorQueueUrl'),
    BATON_QUEUE_URL: { Ref: `${id}Queue` },
    BATON_API_URL: coreValue('CoreApiUrl'),
    BATON_BUCKET_NAME: coreValue('CoreBucketName'),
    // The SDK holds it against what the function was defined with.
    ...(plugin.block.compensates && { BATON_COMPENSATES: 'true' }),
  };
  const { batchSize, batchingWindowSeconds, concurrency, ordered } = plugin.block;
  lambda.events = [
    ...(lambda.events ?? []),
    {
      sqs: {
        arn: { 'Fn::GetAtt': [`${id}Queue`, 'Arn'] },
        batchSize,
        // Also where it is 0: a window that is taken out of the block is to end. A FIFO queue's mapping takes none.
        ...(ordered === undefined && { maximumBatchingWindow: batchingWindowSeconds }),
        maximumConcurrency: concurrency.base,
        functionResponseType: 'ReportBatchItemFailures',
      },
    },
  ];
}

function readPlugins(service: Service, system: System): PluginFunction[] {
  const plugins: PluginFunction[] = [];
  const errors: string[] = [];
  const owners = new Map<string, string>();
  for (const [key, lambda] of Object.entries(service.functions)) {
    if (lambda.baton === undefined) continue;
    const refuse = (reason: string) =>
      errors.push(`service "${service.service}", function "${key}", ${reason}`);
    const read = readBlock(key, lambda.baton);
    if ('errors' in read) {
      read.errors.forEach(refuse);
      continue;
    }
    const isContainer = runsInContainer(read);
    if (isContainer) reasonsAgainstContainer(read.block, lambda).forEach(refuse);
    const timeout = lambda.timeout ?? service.provider.timeout ?? DEFAULT_TIMEOUT_SECONDS;
    const plugin: PluginFunction = {
      key,
      functionName: functionNameOf(service, system, key, read.block.plugin),
      timeout: isContainer ? read.block.timeoutSeconds : timeout,
      block: read.block,
      settingsNeed: isContainer ? [] : statementsForSettings(lambda, service.provider),
    };
    reasonsAgainst(plugin, lambda, system).forEach(refuse);
    const { plugin: name } = read.block;
    const owner = owners.get(name);
    if (owner !== undefined) {
      refuse(`baton.plugin: "${name}" is already the plugin of function "${owner}"`);
    }
    owners.set(name, key);
    plugins.push(plugin);
  }
  const role = reasonAgainstProviderRole(service);
  if (role !== undefined) errors.push(`service "${service.service}", ${role}`);
  if (errors.length > 0) throw new BlockError(errors);
  return plugins;
}

/** What is wrong between the block and its surroundings. */
function reasonsAgainst(plugin: PluginFunction, lambda: ServiceFunction, system: System): string[] {
  const { block, timeout, functionName } = plugin;
  const reasons: string[] = [];
  if (lambda.role !== undefined) {
    reasons.push(
      'role: the function gets a role of its own; list what it needs in baton.statements',
    );
  }
  if (block.timeoutSeconds < timeout) {
    reasons.push(
      `baton.timeoutSeconds: an attempt of ${block.timeoutSeconds} s ends before the function's timeout of ${timeout} s`,
    );
  }
  reasons.push(...reasonsAgainstWindow(plugin));
  const reserve = runsInContainer(plugin) ? undefined : reasonAgainstReserve(lambda, block);
  if (reserve !== undefined) reasons.push(reserve);
  const { plugin: name, ordered } = block;
  const queueName = pluginQueueName({ name, ordered }, prefixOf(system), '-dead');
  if (queueName.length > LONGEST_QUEUE_NAME) {
    reasons.push(`baton.plugin: the queue name ${queueName} is over ${LONGEST_QUEUE_NAME} letters`);
  }
  // A function that keeps its name gets another role in its place when its plugin is renamed, and cannot work off the plugin's earlier queue.
  if (!functionName.includes(block.plugin)) {
    reasons.push(
      `name: ${functionName} does not contain the plugin's name, ${block.plugin}: a renamed plugin needs a new function, or the tasks in its earlier queue time out`,
    );
  }
  if (functionName.length > LONGEST_FUNCTION_NAME) {
    reasons.push(`name: ${functionName} is over ${LONGEST_FUNCTION_NAME} letters`);
  }
  return reasons;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html (none for FIFO queues) */
function reasonsAgainstWindow({ block, timeout }: PluginFunction): string[] {
  const { batchingWindowSeconds: seconds, batchSize, ordered, timeoutSeconds } = block;
  const field = 'baton.batchingWindowSeconds';
  if (seconds === 0) return [];
  if (ordered !== undefined) return [`${field}: the FIFO queue of an ordered plugin takes none`];
  if (batchSize === 1) return [`${field}: means nothing with a batchSize of 1`];
  if (timeoutSeconds >= seconds + timeout) return [];
  return [
    `${field}: an attempt of ${timeoutSeconds} s ends before the function has had its ${timeout} s after a window of ${seconds} s`,
  ];
}

/** A name that the author gave stays; the one that osls made up becomes the system's, with the plugin's name at its end. */
function functionNameOf(service: Service, system: System, key: string, end: string): string {
  const { name } = service.functions[key]!;
  const madeUp = `${service.service}-${system.stage}-${key}`;
  return name === undefined || name === madeUp
    ? `${prefixOf(system)}-${service.service}-${end}`
    : name;
}

/** Two plugins whose names are alike up to the end of a resource's, such as `x` and `xDeadLetter`. */
function refuseDoubles(
  service: Service,
  { key, block }: PluginFunction,
  ids: readonly string[],
  others: Readonly<Record<string, Resource>>,
): void {
  const id = ids.find((one) => others[one]);
  if (id === undefined) return;
  throw new BlockError([
    `service "${service.service}", function "${key}", baton.plugin: "${block.plugin}" is too much like the name of another plugin of the service: both have a resource ${id}`,
  ]);
}

function refuseTaken(service: Service, resources: Record<string, Resource>): void {
  const taken = Object.keys(resources).filter((id) => service.resources?.Resources?.[id]);
  if (taken.length === 0) return;
  throw new BlockError([
    `service "${service.service}", resources: ${taken.join(', ')} would be replaced by those of its plugins; rename them`,
  ]);
}
