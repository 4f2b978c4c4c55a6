import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { PluginFact } from '../core/command.ts';

/** Tells whoever subscribed to it what happened to a plugin. What happens to orders travels with the courier. */
export interface Lifecycle {
  publish(fact: PluginFact): Promise<void>;
}

export function createLifecycle(sns: SNSClient, topicArn: string): Lifecycle {
  return {
    async publish(fact) {
      const type = { DataType: 'String', StringValue: fact.type };
      const message = { Message: JSON.stringify(fact), MessageAttributes: { type } };
      await sns.send(new PublishCommand({ TopicArn: topicArn, ...message }));
    },
  };
}
