import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { readJson } from '../../contract/json-text.ts';
import { orderIdSchema } from '../../contract/order-id.ts';
import { parse } from '../../contract/parse.ts';
import { readPluginQueue } from '../../contract/plugin-queues.ts';
import type { Instant } from '../../core/json.ts';
import { judgeElsewhere } from '../quarantine/judgement.ts';
import type { BatchPorts, RecordReading } from './order-batch.ts';
import { applyRecords } from './order-batch.ts';

export interface BuryPorts extends BatchPorts {
  /** `<system>-<stage>`: what the names of the plugins' queues begin with. */
  readonly prefix: string;
}

/** What burying needs to know of a task message. */
const buriedTaskSchema = z.object({
  orderId: orderIdSchema,
  invited: z.record(z.string(), z.object({ taskId: z.string(), attempt: z.int() })),
});

/** Tells orders of tasks that a plugin's queue has given up on: an attempt that began has failed, one that never began is sent again. */
export function makeBury(ports: BuryPorts) {
  const nothing = async () => undefined;
  const care = { judge: judgeElsewhere(ports), tend: nothing, meet: nothing };
  return middy<SQSEvent, SQSBatchResponse>().handler(async (event: SQSEvent) => {
    const now = ports.clock();
    return applyRecords(event, (record) => readRecord(record, ports.prefix, now), ports, care);
  });
}

function readRecord(
  { body, eventSourceARN }: SQSRecord,
  prefix: string,
  at: Instant,
): RecordReading {
  const plugin = pluginOf(eventSourceARN, prefix);
  if (plugin === undefined) throw new Error(`${eventSourceARN} is no plugin's dead-letter queue`);
  // However deep: of Baton's own message, nothing below the invitations is looked at.
  const { orderId, invited } = parse(buriedTaskSchema, readJson(body, Infinity));
  const invitation = Object.hasOwn(invited, plugin) ? invited[plugin] : undefined;
  if (invitation === undefined) throw new Error(`the message does not invite ${plugin}`);
  const { taskId, attempt } = invitation;
  return { events: [[orderId, { type: 'TaskDeadLettered', at, taskId, attempt, by: plugin }]] };
}

function pluginOf(arn: string, prefix: string): string | undefined {
  const queue = readPluginQueue(arn.split(':').at(-1) ?? '', prefix);
  return queue?.isDeadLetterQueue ? queue.plugin || undefined : undefined;
}
