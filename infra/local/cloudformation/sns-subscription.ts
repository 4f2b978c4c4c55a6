import {
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { LocalError } from '../local-error.ts';
import { type ResourceType, textAttributes } from './resource.ts';

/** What a subscription has without being told; set again when a template no longer names it. */
const DEFAULTS = { RawMessageDelivery: 'false', FilterPolicy: '{}' };
const SETTABLE = ['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy'];

/** AWS::SNS::Subscription of a queue */
export const snsSubscription: ResourceType = {
  provision: async (logicalId, properties, { clients: { sns } }) => {
    const { TopicArn, Protocol, Endpoint } = textAttributes(properties);
    if (Protocol !== 'sqs')
      throw new LocalError(
        `${logicalId} (AWS::SNS::Subscription) has the protocol ${Protocol}; locally only sqs is provided.`,
      );
    const existing = await subscriptionOf(sns, String(TopicArn), String(Endpoint));
    const arn =
      existing ??
      (
        await sns.send(
          new SubscribeCommand({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true }),
        )
      ).SubscriptionArn;
    const given = textAttributes(
      Object.fromEntries(SETTABLE.map((name) => [name, properties[name]])),
    );
    for (const [AttributeName, AttributeValue] of Object.entries({ ...DEFAULTS, ...given }))
      await sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: arn,
          AttributeName,
          AttributeValue,
        }),
      );
    return { ref: String(arn), attributes: { Arn: String(arn) } };
  },
  remove: async ({ ref }, { clients }) => {
    await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: ref }));
  },
};

async function subscriptionOf(
  sns: SNSClient,
  TopicArn: string,
  endpoint: string,
): Promise<string | undefined> {
  let next: string | undefined;
  do {
    const page = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn, ...(next && { NextToken: next }) }),
    );
    const found = page.Subscriptions?.find((subscription) => subscription.Endpoint === endpoint);
    if (found?.SubscriptionArn) return found.SubscriptionArn;
    next = page.NextToken;
  } while (next);
  return undefined;
}
