import type { TopicCalls } from '../aws-calls/topic-service.ts';
import type { Lifecycle } from '../ports/lifecycle.ts';

export function createLifecycle(sns: TopicCalls, topicArn: string): Lifecycle {
  return {
    async publish(fact) {
      const type = { DataType: 'String', StringValue: fact.type };
      const message = { Message: JSON.stringify(fact), MessageAttributes: { type } };
      await sns('Publish', { TopicArn: topicArn, ...message });
    },
  };
}
