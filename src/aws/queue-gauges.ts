import { ServiceError } from '../aws-calls/aws-service.ts';
import type { QueueCalls } from '../aws-calls/queue-service.ts';
import type { QueueGauge, QueueGauges } from '../ports/queue-gauges.ts';

export function createQueueGauges(sqs: QueueCalls): QueueGauges {
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
      const { Attributes = {} } = await sqs('GetQueueAttributes', {
        QueueUrl,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      });
      return {
        visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      };
    } catch (error) {
      if (error instanceof ServiceError && error.name === 'QueueDoesNotExist') return undefined;
      throw error;
    }
  }
}
