import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { type Place, type ResourceType, textAttributes } from './resource.ts';

/** What a queue has without being told; set again when a template no longer names it. */
const DEFAULTS = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedrivePolicy: '',
};

/** Attributes that only fix a queue's kind, or mean nothing locally. */
const NOT_SET = new Set([
  'FifoQueue',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

/** AWS::SQS::Queue */
export const sqsQueue: ResourceType = {
  provision: async (logicalId, { QueueName, Tags: _, ...properties }, place) => {
    const name = String(QueueName ?? `${place.stackName}-${logicalId}`);
    const fifo = properties.FifoQueue === true || properties.FifoQueue === 'true';
    const attributes = Object.fromEntries(
      Object.entries(textAttributes(properties)).filter(([attribute]) => !NOT_SET.has(attribute)),
    );
    const url = await queueUrl(name, fifo, place);
    await place.clients.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { ...DEFAULTS, ...attributes } }),
    );
    return {
      ref: url,
      attributes: {
        Arn: `arn:aws:sqs:${place.region}:${place.accountId}:${name}`,
        QueueName: name,
        QueueUrl: url,
      },
    };
  },
  remove: async ({ ref }, { clients }) => {
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: ref })).catch((error: Error) => {
      if (!/NonExistentQueue|QueueDoesNotExist/.test(error.name)) throw error;
    });
  },
};

async function queueUrl(name: string, fifo: boolean, { clients }: Place): Promise<string> {
  try {
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return String(QueueUrl);
  } catch (error) {
    if (!/NonExistentQueue|QueueDoesNotExist/.test((error as Error).name)) throw error;
    const { QueueUrl } = await clients.sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: fifo ? { FifoQueue: 'true' } : {} }),
    );
    return String(QueueUrl);
  }
}
