import { CreateTopicCommand, DeleteTopicCommand } from '@aws-sdk/client-sns';
import type { ResourceType } from './resource.ts';

/** AWS::SNS::Topic. Encryption and display names mean nothing locally; subscriptions are resources of their own. */
export const snsTopic: ResourceType = {
  provision: async (logicalId, { TopicName, FifoTopic, ContentBasedDeduplication }, place) => {
    const name = String(TopicName ?? `${place.stackName}-${logicalId}`);
    const fifo = String(FifoTopic) === 'true' && {
      FifoTopic: 'true',
      ContentBasedDeduplication: String(ContentBasedDeduplication ?? false),
    };
    const { TopicArn } = await place.clients.sns.send(
      new CreateTopicCommand({ Name: name, ...(fifo && { Attributes: fifo }) }),
    );
    const arn = String(TopicArn);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  remove: async ({ ref }, { clients }) => {
    await clients.sns.send(new DeleteTopicCommand({ TopicArn: ref }));
  },
};
