import type { SQSClient } from '@aws-sdk/client-sqs';
import { GetQueueAttributesCommand, QueueDoesNotExist } from '@aws-sdk/client-sqs';
import type { QueueGauge, QueueGauges } from '../ports/queue-gauges.ts';

export function createQueueGauges(sqs: SQSClient): QueueGauges {
  return {
    async read(queueUrls) {
      const gauges = await Promise.all(
        queueUrls.map(async (url) => ({ url, gauge: await gaugeOf(url) })),
      );
      return new Map(gauges.flatMap(({ url, gauge }) => (gauge ? [[url, gauge] as const] : [])));
    },
  };

  async function gaugeOf(QueueUrl: string): Promise<QueueGauge | undefined> {
    try {
      const command = new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      });
      const { Attributes = {} } = await sqs.send(command);
      return {
        visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      };
    } catch (error) {
      if (error instanceof QueueDoesNotExist) return undefined;
      throw error;
    }
  }
}
