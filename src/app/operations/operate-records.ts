import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import { receiveCountOf } from '../../contract/redelivery.ts';
import type { Redelivery } from '../../ports/redelivery.ts';
import { comeBackSooner } from '../come-back-sooner.ts';
import { logger } from '../logger.ts';
import type { DoPagePorts } from './do-page.ts';
import { doPage, EarlyPageError } from './do-page.ts';

export interface OperatePorts extends DoPagePorts {
  readonly redelivery: Redelivery;
}

const messageSchema = z.object({ operationId: z.string(), page: z.int() });

/**
 * A page is early by moments, as a rule. If it is still after a minute, whoever does the page before it has died, whose message comes again
 * when its visibility has ended. Then the early one comes no more often than that: else it is a dead letter before its turn has come.
 */
const EARLY_TRIES = 6;

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
        const waits = error instanceof EarlyPageError && receiveCountOf(record) > EARLY_TRIES;
        if (!waits) await comeBackSooner(record, ports);
      }
    }
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}
