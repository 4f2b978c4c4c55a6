import type { TopicCalls } from '../aws-calls/topic-service.ts';
import { cloudEventOf } from '../contract/cloud-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lifecycle } from '../ports/lifecycle.ts';

/** @param source of the events: see `sourceOf` */
export function createLifecycle(
  sns: TopicCalls,
  topicArn: string,
  source: string,
  clock: Clock,
): Lifecycle {
  return {
    async publish(fact) {
      const type = { DataType: 'String', StringValue: fact.type };
      const event = cloudEventOf(fact, source, clock());
      const message = { Message: JSON.stringify(event), MessageAttributes: { type } };
      await sns('Publish', { TopicArn: topicArn, ...message });
    },
  };
}
