import middy from '@middy/core';
import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { MasterSecret } from '../../aws/master-secret.ts';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import { pluginDefinitionSchema, toPluginDefinition } from '../../contract/plugin-definition.ts';
import { Problem } from '../../contract/problem.ts';
import { placesOf, reasonAgainst, writeParticipation } from '../../contract/taking-part.ts';
import { pluginKey } from '../../contract/task-token.ts';
import type { Participation, Plugin, PluginDefinition } from '../../core/plugin.ts';
import type { Clock, Registry, Workflows } from '../../engine/ports.ts';
import { logger } from '../logger.ts';
import type { CustomResourceRequest, Result } from './custom-resource.ts';
import { customResourceRequestSchema, respond } from './custom-resource.ts';

export interface RegisterPorts {
  readonly registry: Registry;
  readonly workflows: Pick<Workflows, 'latest' | 'list'>;
  readonly clock: Clock;
  readonly masterSecret: MasterSecret;
}

/** The definition is text: CloudFormation turns every number and boolean of a property into a string. */
const propertiesSchema = z.object({
  Definition: z.string(),
  QueueUrl: z.url(),
  QueueArn: z.string().startsWith('arn:'),
});

const PHYSICAL_ID = /^plugin\/(.+)$/;

/** Answers plugin stacks' `Custom::BatonPlugin`: registers on Create and Update, deregisters on Delete. */
export function makeRegister(ports: RegisterPorts) {
  return middy<SNSEvent, void>().handler(async ({ Records }: SNSEvent) => {
    for (const { Sns } of Records) {
      const request = parse(customResourceRequestSchema, readJson(Sns.Message));
      const result = await attempt(request, ports);
      const { RequestType: type, StackId: stack } = request;
      const refused = 'reason' in result ? { reason: result.reason } : {};
      logger.info('registration', { type, stack, resource: result.physicalId, ...refused });
      await respond(request, result);
    }
  });
}

/** Whatever goes wrong, CloudFormation hears of it; silence would hold up its stack for an hour. */
async function attempt(request: CustomResourceRequest, ports: RegisterPorts): Promise<Result> {
  try {
    if (request.RequestType === 'Delete') return await deregister(request, ports);
    return await register(request, ports);
  } catch (error) {
    return { physicalId: physicalIdIn(request), reason: reasonOf(error) };
  }
}

/** Of a definition that does not fit, all that is wrong. */
function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.errors.map(({ message }) => message).join('; ');
  return error instanceof Error ? error.message : String(error);
}

async function register(
  request: Exclude<CustomResourceRequest, { RequestType: 'Delete' }>,
  { registry, workflows, clock, masterSecret }: RegisterPorts,
): Promise<Result> {
  const { Definition, QueueUrl, QueueArn } = parse(propertiesSchema, request.ResourceProperties);
  const definition = toPluginDefinition(parse(pluginDefinitionSchema, readJson(Definition)));
  const { name } = definition;
  const physicalId = `plugin/${name}`;
  const owner = ownerOf(request);
  const known = (await registry.plugins({ fresh: true })).get(name);
  const reasons = await reasonsAgainst(definition, known, workflows);
  if (reasons.length > 0) {
    return { physicalId: physicalIdIn(request), reason: `plugin ${name}: ${reasons.join('; ')}` };
  }
  await warn(definition, workflows);
  // The same queue is subscribed in the same way: its subscription is as old as it was.
  const isSettled = known?.owner === owner && known.queueArn === QueueArn;
  const registeredAt = isSettled ? known.registeredAt : clock();
  const queue = { queueUrl: QueueUrl, queueArn: QueueArn };
  // CloudFormation leaves a mapping as it is, unless its template says something new of it.
  const off = isSettled && known.switchedOff ? { switchedOff: true as const } : {};
  const plugin = { ...definition, owner, ...queue, registeredAt, ...off };
  const { owner: holder } = await registry.put(plugin);
  if (holder !== owner) {
    const reason = `plugin ${name} is registered by another stack: ${holder}`;
    return { physicalId: physicalIdIn(request), reason };
  }
  return { physicalId, data: { Key: pluginKey(await masterSecret.read(), name) } };
}

/**
 * Conflicts with workflows that are there. What is registered already is not refused again: a workflow may have changed since,
 * and a stack that rolls back to what it was must get there.
 */
async function reasonsAgainst(
  { joins }: PluginDefinition,
  known: Plugin | undefined,
  workflows: RegisterPorts['workflows'],
): Promise<readonly string[]> {
  const isKnown = (join: Participation) =>
    known?.joins.some((one) => writeParticipation(one) === writeParticipation(join)) === true;
  const reasons: string[] = [];
  for (const [index, join] of joins.entries()) {
    if (join.workflow === undefined || isKnown(join)) continue;
    const workflow = await workflows.latest(join.workflow);
    const reason = workflow && reasonAgainst(join, workflow);
    if (reason !== undefined) reasons.push(`joins[${index}]: ${reason}`);
  }
  return reasons;
}

/**
 * Plugins may come before their workflows, so one whose activity no workflow has is registered; it may also be misspelt, so the
 * log says it, as `baton plugins` does.
 */
async function warn(
  { name, joins }: PluginDefinition,
  workflows: RegisterPorts['workflows'],
): Promise<void> {
  if (joins.length === 0) return;
  const all = await workflows.list();
  const invitesNobody = (join: Participation) => placesOf(join, all).length === 0;
  const pending = joins.filter(invitesNobody).map(writeParticipation);
  if (pending.length > 0)
    logger.warn('no workflow invites it there yet', { plugin: name, pending });
}

/** What another stack registered stays: the registry looks at the owner. */
async function deregister(
  request: Extract<CustomResourceRequest, { RequestType: 'Delete' }>,
  { registry }: RegisterPorts,
): Promise<Result> {
  const { PhysicalResourceId: physicalId } = request;
  const name = PHYSICAL_ID.exec(physicalId)?.[1];
  if (name !== undefined) await registry.remove(name, ownerOf(request));
  return { physicalId, data: {} };
}

/** A Create that fails has no id yet; CloudFormation wants one to delete it by. */
function physicalIdIn(request: CustomResourceRequest): string {
  return 'PhysicalResourceId' in request
    ? request.PhysicalResourceId
    : `refused/${request.RequestId}`;
}

/** The stack without the id of its incarnation: one that is made anew after it was deleted owns what it owned. */
function ownerOf({ StackId }: CustomResourceRequest): string {
  return StackId.replace(/(:stack\/[^/]+)\/[^/]+$/, '$1');
}
