import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import { pauseSecondsAfter, receiveCountOf } from '../../contract/redelivery.ts';
import type { Redelivery } from '../../ports/redelivery.ts';
import { logger } from '../logger.ts';
import type { DoPagePorts } from './do-page.ts';
import { doPage } from './do-page.ts';

export interface OperatePorts extends DoPagePorts {
  readonly redelivery: Redelivery;
}

const messageSchema = z.object({ operationId: z.string(), page: z.int() });

/** Does pages of operations, as their queue brings them. What fails comes again after 1, 2, 4 … 60 seconds. */
export function makeOperate(ports: OperatePorts) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }: SQSEvent) => {
    const failed: SQSRecord[] = [];
    for (const record of Records) {
      try {
        const sentAt = Number(record.attributes.SentTimestamp);
        const delivery = { sentAt, receiveCount: receiveCountOf(record) };
        await doPage(parse(messageSchema, readJson(record.body)), delivery, ports);
      } catch (error) {
        const { messageId } = record;
        logger.warn('page of an operation comes again', { messageId, error: error as Error });
        failed.push(record);
        await comeBackSooner(record, ports);
      }
    }
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}

/** Otherwise it would wait out its queue's whole visibility timeout. If that fails, it does. */
async function comeBackSooner(record: SQSRecord, { redelivery }: OperatePorts): Promise<void> {
  const { messageId, eventSourceARN: queueArn, receiptHandle } = record;
  try {
    await redelivery.delay({ queueArn, receiptHandle }, pauseSecondsAfter(record));
  } catch (error) {
    logger.warn('record waits out its visibility', { messageId, error: error as Error });
  }
}
