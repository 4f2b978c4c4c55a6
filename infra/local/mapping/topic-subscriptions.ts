import type { ResourceDeclaration } from '../cloudformation/resource.ts';
import type { Stack } from '../cloudformation/stack.ts';
import type { StackRecord } from '../cloudformation/stack-record.ts';
import type { DeclaredFunction, LoadedService } from '../services/load-service.ts';
import type { MappingSource } from './event-source-mapping.ts';
import { snsEvent } from './lambda-events.ts';

/** Lambda tries an asynchronous invocation three times, a minute and then two apart; here it is a minute each time. */
const ATTEMPTS = 3;
const RETRY_SECONDS = 60;

type SnsEvent = { arn?: unknown; filterPolicy?: unknown };

interface Subscribed {
  declared: DeclaredFunction;
  event: SnsEvent;
  queueId: string;
  subscriptionId: string;
}

/** A function's subscription of a topic. */
export interface TopicSubscription {
  topicArn: string;
  functionName: string;
  mapping: MappingSource;
}

/**
 * What stands in for the subscriptions of a service's functions by `sns` events: fauxqs delivers to queues only, so a
 * queue lies between topic and function, polled like any other. It takes the part of SNS's own retries, too.
 */
export function subscriptionResources(
  service: Pick<LoadedService, 'functions'>,
): Record<string, ResourceDeclaration> {
  const resources: Record<string, ResourceDeclaration> = {};
  for (const { declared, event, queueId, subscriptionId } of subscribedFunctions(service)) {
    const QueueName = `${declared.name}-${queueId.slice(declared.logicalId.length)}`.slice(-80);
    resources[queueId] = {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName, VisibilityTimeout: RETRY_SECONDS },
    };
    resources[subscriptionId] = {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: event.arn,
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': [queueId, 'Arn'] },
        ...(event.filterPolicy !== undefined && { FilterPolicy: event.filterPolicy }),
      },
    };
  }
  return resources;
}

/** The subscriptions of a provisioned service, with the mappings that serve them. */
export async function subscriptionsOfService(
  service: LoadedService,
  stack: Stack,
  { resources }: StackRecord,
  arnOf: (functionName: string) => string,
): Promise<TopicSubscription[]> {
  const subscriptions: TopicSubscription[] = [];
  for (const { declared, event, queueId, subscriptionId } of subscribedFunctions(service)) {
    const topicArn = String(await stack.resolve(event.arn));
    const queue = resources[queueId];
    subscriptions.push({
      topicArn,
      functionName: declared.name,
      mapping: {
        id: queueId,
        queueArn: String(queue?.attributes.Arn),
        queueUrl: String(queue?.ref),
        functionArn: arnOf(declared.name),
        enabled: true,
        batchSize: 1,
        batchingWindowSeconds: 0,
        maximumConcurrency: undefined,
        reportBatchItemFailures: false,
        attempts: ATTEMPTS,
        toEvent: (messages) =>
          snsEvent(
            messages.map(({ Body }) => String(Body)),
            String(resources[subscriptionId]?.ref),
          ),
      },
    });
  }
  return subscriptions;
}

function subscribedFunctions({ functions }: Pick<LoadedService, 'functions'>): Subscribed[] {
  return functions.flatMap((declared) =>
    declared.events
      .flatMap(({ sns }) => (sns ? [sns as SnsEvent | string] : []))
      .map((sns, index) => ({
        declared,
        event: typeof sns === 'string' ? { arn: sns } : sns,
        queueId: `${declared.logicalId}Topic${index}`,
        subscriptionId: `${declared.logicalId}Topic${index}Subscription`,
      })),
  );
}
