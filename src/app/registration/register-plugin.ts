import { isDeepStrictEqual } from 'node:util';
import middy from '@middy/core';
import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import { pluginDefinitionSchema, toPluginDefinition } from '../../contract/plugin-definition.ts';
import { Problem } from '../../contract/problem.ts';
import { placesOf, reasonAgainst, writeParticipation } from '../../contract/taking-part.ts';
import { pluginKey } from '../../contract/task-token.ts';
import type { Participation, Plugin, PluginDefinition } from '../../core/plugin.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { Workflows } from '../../ports/workflows.ts';
import { logger } from '../logger.ts';
import type { CustomResourceRequest, Result } from './custom-resource.ts';
import { customResourceRequestSchema, respond } from './custom-resource.ts';
import type { DrainPorts } from './drain-plugins.ts';
import { beginDrain, drainIdOf, finishDrains, SETTLED_AFTER_MS } from './drain-plugins.ts';

export interface RegisterPorts extends DrainPorts {
  readonly workflows: Pick<Workflows, 'latest' | 'list'>;
  readonly masterSecret: MasterSecret;
  readonly pause: (ms: number) => Promise<void>;
}

/** The definition is text: CloudFormation turns every number and boolean of a property into a string. */
const propertiesSchema = z.object({
  Definition: z.string(),
  QueueUrl: z.url(),
  QueueArn: z.string().startsWith('arn:'),
});

const drainPropertiesSchema = z.object({ Plugin: z.string().min(1) });

const PHYSICAL_ID = /^(plugin|drain)\/(.+)$/;

/**
 * Answers plugin stacks' `Custom::BatonPlugin`: registers on Create and Update, deregisters on Delete. Their `Custom::BatonDrain` is
 * deleted before all else: then the plugin finishes what it has, and the stack hears of it when that is done.
 */
export function makeRegister(ports: RegisterPorts) {
  return middy<SNSEvent, void>().handler(async ({ Records }: SNSEvent) => {
    for (const { Sns } of Records) {
      const request = parse(customResourceRequestSchema, readJson(Sns.Message));
      const result = await attempt(request, ports);
      const { RequestType: type, StackId: stack } = request;
      if (result === undefined) {
        logger.info('draining', { stack, resource: physicalIdIn(request) });
        await finishIfDone(ports);
        continue;
      }
      const refused = 'reason' in result ? { reason: result.reason } : {};
      logger.info('registration', { type, stack, resource: result.physicalId, ...refused });
      await respond(request, result);
    }
  });
}

/** Whatever goes wrong, CloudFormation hears of it, at once or when a plugin has finished; silence would hold up its stack for an hour. */
async function attempt(
  request: CustomResourceRequest,
  ports: RegisterPorts,
): Promise<Result | undefined> {
  try {
    if (request.RequestType === 'Delete') return await retire(request, ports);
    if (request.ResourceType === 'Custom::BatonDrain') {
      const { Plugin: name } = parse(drainPropertiesSchema, request.ResourceProperties);
      return { physicalId: drainIdOf(name), data: {} };
    }
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
  const before = known?.owner === owner ? joinedBefore(definition, known) : {};
  // Before anything is stored: a Create that fails gets no Delete that would take it back.
  const key = pluginKey(await masterSecret.read(), name);
  const plugin = { ...definition, owner, ...queue, registeredAt, ...off, ...before };
  const { owner: holder } = await registry.put(plugin);
  if (holder !== owner) {
    const reason = `plugin ${name} is registered by another stack: ${holder}`;
    return { physicalId: physicalIdIn(request), reason };
  }
  return { physicalId, data: { Key: key } };
}

const joinedBy = ({ joins }: PluginDefinition): readonly string[] => joins.map(writeParticipation);

/** Where it took part until now; the same registration once more, delivered twice, is none of its own. */
function joinedBefore(definition: PluginDefinition, known: Plugin): Pick<Plugin, 'joinedBefore'> {
  if (!isDeepStrictEqual(joinedBy(definition), joinedBy(known))) {
    return { joinedBefore: joinedBy(known) };
  }
  return known.joinedBefore === undefined ? {} : { joinedBefore: known.joinedBefore };
}

/**
 * Conflicts with workflows that are there. What is registered already, or was until the last change, is not refused again: a
 * workflow may have changed since, and a stack that rolls back to what it was must get there.
 */
async function reasonsAgainst(
  { joins }: PluginDefinition,
  known: Plugin | undefined,
  workflows: RegisterPorts['workflows'],
): Promise<readonly string[]> {
  const joined = new Set(known && [...joinedBy(known), ...(known.joinedBefore ?? [])]);
  const isKnown = (join: Participation) => joined.has(writeParticipation(join));
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

/** What another stack registered stays: the registry looks at the owner. @returns nothing while the plugin has tasks to finish. */
async function retire(
  request: Extract<CustomResourceRequest, { RequestType: 'Delete' }>,
  ports: RegisterPorts,
): Promise<Result | undefined> {
  const { PhysicalResourceId: physicalId } = request;
  const [, kind, name = ''] = PHYSICAL_ID.exec(physicalId) ?? [];
  if (kind === 'plugin') await ports.registry.remove(name, ownerOf(request));
  if (kind === 'drain' && (await beginDrain(name, ownerOf(request), request, ports))) {
    return undefined;
  }
  return { physicalId, data: {} };
}

/** Most plugins are idle when they are removed: their stack is spared the wait for the sweep, which takes over whatever happens here. */
async function finishIfDone(ports: RegisterPorts): Promise<void> {
  try {
    await ports.pause(SETTLED_AFTER_MS);
    await finishDrains(ports);
  } catch (error) {
    logger.warn('left to the sweep', { error: error as Error });
  }
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
