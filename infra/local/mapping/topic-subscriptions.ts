import type { Place } from '../cloudformation/resource.ts';
import { snsSubscription } from '../cloudformation/sns-subscription.ts';
import { sqsQueue } from '../cloudformation/sqs-queue.ts';
import type { Stack } from '../cloudformation/stack.ts';
import type { LoadedService } from '../services/load-service.ts';
import type { MappingSource } from './event-source-mapping.ts';
import { snsEvent } from './lambda-events.ts';

/** A function's subscription of a topic. */
export interface TopicSubscription {
  topicArn: string;
  functionName: string;
  filterPolicy?: unknown;
}

/** Lambda tries an asynchronous invocation three times, a minute and then two apart; here it is a minute each time. */
const ATTEMPTS = 3;
const RETRY_SECONDS = '60';

/** The topics that the functions of a service subscribe to by `sns` events. */
export async function subscriptionsOfService(
  service: LoadedService,
  stack: Stack,
): Promise<TopicSubscription[]> {
  const subscriptions: TopicSubscription[] = [];
  for (const { name: functionName, events } of service.functions)
    for (const { sns } of events) {
      if (!sns) continue;
      const event = sns as { arn?: unknown; topicName?: string; filterPolicy?: unknown } | string;
      const topicArn = await stack.resolve(typeof event === 'string' ? event : event.arn);
      const filterPolicy = typeof event === 'string' ? undefined : event.filterPolicy;
      subscriptions.push({
        topicArn: String(topicArn),
        functionName,
        ...(filterPolicy !== undefined && { filterPolicy }),
      });
    }
  return subscriptions;
}

/** fauxqs delivers to queues only: a queue between topic and function, polled like any other, stands in for SNS's own retries. */
export async function subscribeFunction(
  { topicArn, functionName, filterPolicy }: TopicSubscription,
  functionArn: string,
  place: Place,
): Promise<MappingSource> {
  const topic = topicArn.split(':').at(-1);
  const QueueName = `${functionName}-from-${topic}`.slice(-80);
  const queue = await sqsQueue.provision(
    QueueName,
    { QueueName, VisibilityTimeout: RETRY_SECONDS },
    place,
  );
  const subscription = await snsSubscription.provision(
    QueueName,
    {
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queue.attributes.Arn,
      ...(filterPolicy !== undefined && { FilterPolicy: filterPolicy }),
    },
    place,
  );
  return {
    id: `${functionName} of ${topic}`,
    queueArn: String(queue.attributes.Arn),
    queueUrl: queue.ref,
    functionArn,
    enabled: true,
    batchSize: 1,
    batchingWindowSeconds: 0,
    maximumConcurrency: undefined,
    reportBatchItemFailures: false,
    attempts: ATTEMPTS,
    toEvent: (messages) =>
      snsEvent(
        messages.map(({ Body }) => String(Body)),
        subscription.ref,
      ),
  };
}
