import { alarmsOf } from './alarms.ts';
import { readBlock } from './block.ts';
import { drainOf } from './drain.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import { coreValue, prefixOf, type Resource, type Service, type System } from './plugin-service.ts';
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

/** Most dynamic references in a template: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const MOST_DYNAMIC_REFERENCES = 60;

/** `baton:` blocks that cannot be built, each line with service, function, field and reason. */
export class BlockError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'BlockError';
  }
}

/**
 * Gives each function with a `baton:` block its queue, dead-letter queue, mappings, subscription, role, alarm, registration and
 * environment, in place. Stack and functions are named after the system, so that one service can join several.
 *
 * @throws {BlockError}
 */
export function addPluginResources(service: Service, system: System): void {
  const plugins = readPlugins(service, system);
  if (plugins.length === 0) return;
  const resources: Record<string, Resource> = {};
  for (const plugin of plugins) {
    Object.assign(
      resources,
      queuesOf(plugin, system),
      roleOf(plugin, system),
      registrationOf(plugin, system),
      drainOf(plugin, system),
      alarmsOf(plugin, system),
    );
  }
  refuseTaken(service, resources);
  service.resources = {
    ...service.resources,
    Resources: { ...service.resources?.Resources, ...resources },
  };
  service.provider.stackName ??= `${prefixOf(system)}-${service.service}`;
  for (const [key, lambda] of Object.entries(service.functions)) {
    lambda.name = functionNameOf(service, system, key);
  }
  for (const plugin of plugins) connect(service, system, plugin);
  refuseTooManyReferences(service);
}

function connect(service: Service, system: System, plugin: PluginFunction): void {
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
    BATON_PLUGIN_KEY: { 'Fn::GetAtt': [`${id}Registration`, 'Key'] },
    BATON_ORCHESTRATOR_QUEUE_URL: coreValue(system, 'orchestrator-queue-url'),
    BATON_QUEUE_URL: { Ref: `${id}Queue` },
    BATON_API_URL: coreValue(system, 'api-url'),
  };
  lambda.events = [
    ...(lambda.events ?? []),
    {
      sqs: {
        arn: { 'Fn::GetAtt': [`${id}Queue`, 'Arn'] },
        batchSize: plugin.block.batchSize,
        maximumConcurrency: plugin.block.concurrency.base,
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
    const plugin: PluginFunction = {
      key,
      functionName: functionNameOf(service, system, key),
      timeout: lambda.timeout ?? service.provider.timeout ?? DEFAULT_TIMEOUT_SECONDS,
      block: read.block,
    };
    reasonsAgainst(plugin, lambda.role, system).forEach(refuse);
    const id = logicalIdOf(plugin);
    const owner = owners.get(id);
    if (owner !== undefined) {
      refuse(
        `baton.plugin: "${read.block.plugin}" is already the plugin of function "${owner}", or too much like it`,
      );
    }
    owners.set(id, key);
    plugins.push(plugin);
  }
  if (errors.length > 0) throw new BlockError(errors);
  return plugins;
}

/** What is wrong between the block and its surroundings. */
function reasonsAgainst(plugin: PluginFunction, role: unknown, system: System): string[] {
  const { block, timeout, functionName } = plugin;
  const reasons: string[] = [];
  if (role !== undefined) {
    reasons.push(
      'role: the function gets a role of its own; list what it needs in baton.statements',
    );
  }
  if (block.timeoutSeconds < timeout) {
    reasons.push(
      `baton.timeoutSeconds: an attempt of ${block.timeoutSeconds} s ends before the function's timeout of ${timeout} s`,
    );
  }
  const queueName = `${prefixOf(system)}-plugin-${block.plugin}-dead`;
  if (queueName.length > LONGEST_QUEUE_NAME) {
    reasons.push(`baton.plugin: the queue name ${queueName} is over ${LONGEST_QUEUE_NAME} letters`);
  }
  if (functionName.length > LONGEST_FUNCTION_NAME) {
    reasons.push(`name: ${functionName} is over ${LONGEST_FUNCTION_NAME} letters`);
  }
  return reasons;
}

/** A name that the author gave stays; the one that osls made up becomes the system's. */
function functionNameOf(service: Service, system: System, key: string): string {
  const { name } = service.functions[key]!;
  const madeUp = `${service.service}-${system.stage}-${key}`;
  return name === undefined || name === madeUp
    ? `${prefixOf(system)}-${service.service}-${key}`
    : name;
}

function refuseTaken(service: Service, resources: Record<string, Resource>): void {
  const taken = Object.keys(resources).filter((id) => service.resources?.Resources?.[id]);
  if (taken.length === 0) return;
  throw new BlockError([
    `service "${service.service}", resources: ${taken.join(', ')} would be replaced by those of its plugins; rename them`,
  ]);
}

function refuseTooManyReferences(service: Service): void {
  const inEveryFunction = countReferences(service.provider.environment);
  const count =
    countReferences(service.resources) +
    countReferences(service.functions) +
    inEveryFunction * Object.keys(service.functions).length;
  if (count <= MOST_DYNAMIC_REFERENCES) return;
  throw new BlockError([
    `service "${service.service}": ${count} references to the core; a stack takes ${MOST_DYNAMIC_REFERENCES}. Put some of its plugins into another service`,
  ]);
}

const countReferences = (value: unknown): number =>
  JSON.stringify(value ?? null).split('{{resolve:').length - 1;
