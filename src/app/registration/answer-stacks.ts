import middy from '@middy/core';
import type { SNSEvent, SNSMessage } from 'aws-lambda';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import type { StackRequest } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import type { CustomResourceRequest, Result } from './custom-resource.ts';
import {
  customResourceRequestSchema,
  physicalIdIn,
  respond,
  stackRequestOf,
} from './custom-resource.ts';
import type { DrainPorts } from './drain-plugins.ts';
import { drainIdOf, finishDrains, SETTLED_AFTER_MS } from './drain-plugins.ts';
import type { Home } from './home.ts';
import { homeOf, isAnswerAddress, isAnswerAddressOf, isStackOf } from './home.ts';
import type { RegistrationPorts } from './register-plugin.ts';
import { register } from './register-plugin.ts';
import { drainPropertiesSchema, retire } from './retire-plugin.ts';

export interface RegisterPorts extends RegistrationPorts, DrainPorts {
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Answers plugin stacks' `Custom::BatonPlugin`: registers on Create and Update, deregisters on Delete. Their `Custom::BatonDrain` is
 * deleted before all else: then the plugin finishes what it has, and the stack hears of it when that is done.
 *
 * Whoever may publish to the topic may send anything. What can be worked out is not taken from the message, and the answer, which
 * holds the plugin's key, goes to CloudFormation's own address or nowhere.
 */
export function makeRegister(ports: RegisterPorts) {
  return middy<SNSEvent, void>().handler(async ({ Records }: SNSEvent) => {
    for (const { Sns } of Records) {
      const home = homeOf(Sns.TopicArn);
      const request = trustworthy(Sns, home, ports.localOrigins);
      if (request !== undefined) await answer(request, Date.parse(Sns.Timestamp), home, ports);
    }
  });
}

/** The request, or nothing and a line in the log: there is nobody to answer, and the message would be no better a second time. */
function trustworthy(
  { Message, MessageId }: Pick<SNSMessage, 'Message' | 'MessageId'>,
  home: Home,
  localOrigins: readonly string[],
): CustomResourceRequest | undefined {
  const refuse = (reason: string) => void logger.error('refused', { reason, message: MessageId });
  try {
    const request = parse(customResourceRequestSchema, readJson(Message));
    const { StackId, ResponseURL } = request;
    if (!isStackOf(StackId, home)) return refuse(`${StackId} is a stack of elsewhere`);
    if (!isAnswerAddress(ResponseURL, home, localOrigins)) {
      return refuse(`CloudFormation does not listen at ${new URL(ResponseURL).host}`);
    }
    if (isAnswerAddressOf(StackId, ResponseURL)) return request;
    return refuse(`${StackId} does not hear what is answered to another stack's address`);
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

async function answer(
  request: CustomResourceRequest,
  sentAt: number,
  home: Home,
  ports: RegisterPorts,
): Promise<void> {
  const result = await attempt(request, stackRequestOf(request, sentAt), home, ports);
  const { RequestType: type, StackId: stack } = request;
  if (result === undefined) {
    logger.info('draining', { stack, resource: physicalIdIn(request) });
    await finishIfDone(ports);
    return;
  }
  const refused = 'reason' in result ? { reason: result.reason } : {};
  logger.info('registration', { type, stack, resource: result.physicalId, ...refused });
  await respond(request, result);
}

/** Whatever goes wrong, CloudFormation hears of it, at once or when a plugin has finished; silence would hold up its stack for an hour. */
async function attempt(
  request: CustomResourceRequest,
  by: StackRequest,
  home: Home,
  ports: RegisterPorts,
): Promise<Result | undefined> {
  try {
    if (request.RequestType === 'Delete') return await retire(request, by, ports);
    if (request.ResourceType === 'Custom::BatonDrain') {
      const { Plugin: name } = parse(drainPropertiesSchema, request.ResourceProperties);
      return { physicalId: drainIdOf(name), data: {} };
    }
    return await register(request, by, home, ports);
  } catch (error) {
    return { physicalId: physicalIdIn(request), reason: reasonOf(error) };
  }
}

/** Of a definition that does not fit, all that is wrong. */
function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.errors.map(({ message }) => message).join('; ');
  return error instanceof Error ? error.message : String(error);
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
