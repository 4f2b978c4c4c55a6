import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Lifecycle } from '../ports/lifecycle.ts';

export function createLifecycle(sns: SNSClient, topicArn: string): Lifecycle {
  return {
    async publish(fact) {
      const type = { DataType: 'String', StringValue: fact.type };
      const message = { Message: JSON.stringify(fact), MessageAttributes: { type } };
      await sns.send(new PublishCommand({ TopicArn: topicArn, ...message }));
    },
  };
}
