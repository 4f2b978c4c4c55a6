import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { invitationAttribute } from '../contract/messages.ts';
import type { Courier, Parcel } from '../engine/ports.ts';
import type { Bundle, Letter, Rejected } from './bundling.ts';
import { bundled, letterOf } from './bundling.ts';

/** Where the parcels go that do not carry their own address. */
export interface Addresses {
  readonly orchestratorQueueUrl: string;
  readonly tasksTopicArn: string;
  readonly lifecycleTopicArn: string;
}

/** The parcels of one destination are sent ten at a time, as far as their sizes allow. */
export function createCourier(sqs: SQSClient, sns: SNSClient, addresses: Addresses): Courier {
  return {
    async send(parcels) {
      const undelivered = new Map<string, Error>();
      const { bundles, tooLarge } = bundled(parcels.map((parcel) => addressed(parcel, addresses)));
      for (const { orderId, error } of tooLarge) undelivered.set(orderId, error);
      await Promise.all(
        bundles.map(async (bundle) => {
          for (const { letter, error } of await deliver(bundle)) {
            undelivered.set(letter.orderId, error);
          }
        }),
      );
      return undelivered;
    },
  };

  /** Sends a bundle, and once more what the service did not take of it. The SDK has repeated a call that failed as a whole. */
  async function deliver(bundle: Bundle): Promise<readonly Rejected[]> {
    try {
      const rejected = await post(bundle);
      if (rejected.length === 0) return [];
      const again = { ...bundle, letters: rejected.map(({ letter }) => letter) };
      return await post(again).catch((error: Error) => allOf(again, error));
    } catch (error) {
      if (bundle.letters.length === 1 || !isRefusal(error)) return allOf(bundle, error as Error);
      const apart = bundle.letters.map((letter) => deliver({ ...bundle, letters: [letter] }));
      return (await Promise.all(apart)).flat();
    }
  }

  async function post(bundle: Bundle): Promise<readonly Rejected[]> {
    const { Failed = [] } = await (bundle.service === 'sqs' ? toQueue(bundle) : toTopic(bundle));
    return Failed.flatMap(({ Id, Code, Message = '' }) => {
      const letter = bundle.letters[Number(Id)];
      if (letter === undefined) return [];
      const error = new Error(`${bundle.address} did not take a message: ${Code} ${Message}`);
      return [{ letter, error }];
    });
  }

  function toQueue({ address, letters }: Bundle) {
    const Entries = letters.map(({ body, delaySeconds }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(delaySeconds && { DelaySeconds: delaySeconds }),
    }));
    return sqs.send(new SendMessageBatchCommand({ QueueUrl: address, Entries }));
  }

  function toTopic({ address, letters }: Bundle) {
    const PublishBatchRequestEntries = letters.map(({ body, attributes }, index) => ({
      Id: String(index),
      Message: body,
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }));
    return sns.send(new PublishBatchCommand({ TopicArn: address, PublishBatchRequestEntries }));
  }
}

function addressed(parcel: Parcel, addresses: Addresses): Letter {
  const { orderId } = parcel;
  switch (parcel.to) {
    case 'plugin':
      return letterOf({ service: 'sqs', address: parcel.queueUrl, orderId }, parcel.message);
    case 'orchestrator': {
      const { message, delaySeconds } = parcel;
      const address = addresses.orchestratorQueueUrl;
      return letterOf({ service: 'sqs', address, orderId, delaySeconds }, message);
    }
    case 'broadcast': {
      const attributes = parcel.plugins.map(
        (plugin) => [invitationAttribute(plugin), '1'] as const,
      );
      const address = addresses.tasksTopicArn;
      return letterOf({ service: 'sns', address, orderId, attributes }, parcel.message);
    }
    case 'lifecycle': {
      const attributes = [['type', parcel.fact.type]] as const;
      const address = addresses.lifecycleTopicArn;
      return letterOf({ service: 'sns', address, orderId, attributes }, parcel.fact);
    }
  }
}

function allOf({ letters }: Bundle, error: Error): readonly Rejected[] {
  return letters.map((letter) => ({ letter, error }));
}

/** Whether the request itself was found wrong, for which one of its messages may be to blame. */
function isRefusal(error: unknown): boolean {
  const { $metadata, name } = error as { $metadata?: { httpStatusCode?: number }; name?: string };
  return $metadata?.httpStatusCode === 400 && !/throttl|toomany|requestlimit/i.test(name ?? '');
}
