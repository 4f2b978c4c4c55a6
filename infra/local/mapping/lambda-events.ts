import type { SNSEvent, SQSEvent } from 'aws-lambda';
import type { MessageAttribute, ReceivedMessage } from '../../../src/aws-calls/queue-service.ts';

/** The event that Lambda makes of messages of a queue. */
export function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string): SQSEvent {
  const awsRegion = String(queueArn.split(':')[3]);
  return {
    Records: messages.map((message) => ({
      messageId: String(message.MessageId),
      receiptHandle: String(message.ReceiptHandle),
      body: message.Body ?? '',
      attributes: (message.Attributes ?? {}) as unknown as SQSEvent['Records'][0]['attributes'],
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          messageAttribute(value),
        ]),
      ),
      md5OfBody: message.MD5OfBody ?? '',
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion,
    })),
  };
}

function messageAttribute({ DataType, StringValue, BinaryValue }: MessageAttribute) {
  return {
    dataType: DataType as 'String',
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
  } as SQSEvent['Records'][0]['messageAttributes'][string];
}

/** The event that Lambda makes of a notification; `envelopes` are SNS messages as a queue gets them without raw delivery. */
export function snsEvent(envelopes: string[], subscriptionArn: string): SNSEvent {
  return {
    Records: envelopes.map((envelope) => {
      const sns = JSON.parse(envelope);
      return {
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        EventSource: 'aws:sns',
        Sns: { Subject: null, MessageAttributes: {}, ...sns },
      };
    }),
  };
}

/** The event of one message published to a topic, without a topic. */
export function notification(topicArn: string, message: string, subject: string): SNSEvent {
  const envelope = {
    Type: 'Notification',
    MessageId: crypto.randomUUID(),
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    Timestamp: new Date().toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertUrl: 'EXAMPLE',
    UnsubscribeUrl: 'EXAMPLE',
  };
  return snsEvent([JSON.stringify(envelope)], `${topicArn}:local`);
}
