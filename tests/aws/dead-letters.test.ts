import {
  CreateQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createDeadLetters } from '../../src/aws/dead-letters.ts';
import { localClients } from '../local/local-clients.ts';
import { localCalls } from './local-calls.ts';

let aws: EmbeddedAws;
let urls: { deadLetterQueueUrl: string; orchestratorQueueUrl: string };
beforeAll(async () => {
  aws = await startEmbeddedAws();
  const queue = async (QueueName: string) =>
    (await localClients(aws).sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
  urls = { deadLetterQueueUrl: await queue('dead'), orchestratorQueueUrl: await queue('living') };
});
afterAll(() => aws.stop());
beforeEach(async () => {
  for (const QueueUrl of Object.values(urls)) {
    await localClients(aws).sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }
});

async function withLetters(count: number) {
  const { sqs } = localClients(aws);
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const sent = await sqs.send(
      new SendMessageCommand({ QueueUrl: urls.deadLetterQueueUrl, MessageBody: `letter ${n}` }),
    );
    ids.push(sent.MessageId ?? '');
  }
  return { ids, deadLetters: createDeadLetters(localCalls(aws).sqs, urls) };
}

async function received(QueueUrl: string): Promise<readonly string[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  const { Messages = [] } = await localClients(aws).sqs.send(command);
  return Messages.map(({ Body = '' }) => Body);
}

describe('dead letters in a queue', () => {
  it('are found by their id among others, and are put back for whoever looks next', async () => {
    const { ids, deadLetters } = await withLetters(25);
    for (const index of [24, 0, 12]) {
      expect(await deadLetters.find(ids[index] ?? '')).toEqual({
        ...{ id: ids[index], body: `letter ${index}`, sentAt: expect.any(Number) },
      });
    }
    expect(await deadLetters.find('another')).toBeUndefined();
    const { letters, total } = await deadLetters.list(100);
    expect([total, letters.map(({ id }) => id).sort()]).toEqual([25, ids.toSorted()]);
  });

  it('are listed up to the limit', async () => {
    const { deadLetters } = await withLetters(25);
    const { letters, total } = await deadLetters.list(7);
    expect([letters.length, total]).toEqual([7, 25]);
  });

  it('are sent to the orchestrator again as they were, once', async () => {
    const { ids, deadLetters } = await withLetters(12);
    expect(await deadLetters.redrive(ids[11] ?? '')).toBe(true);
    expect(await received(urls.orchestratorQueueUrl)).toEqual(['letter 11']);
    expect(await deadLetters.redrive(ids[11] ?? '')).toBe(false);
    expect((await deadLetters.list(100)).total).toBe(11);
  });

  it('are dropped, and nothing is sent', async () => {
    const { ids, deadLetters } = await withLetters(3);
    expect(await deadLetters.drop(ids[1] ?? '')).toMatchObject({ body: 'letter 1' });
    expect(await deadLetters.drop(ids[1] ?? '')).toBeUndefined();
    expect(await received(urls.orchestratorQueueUrl)).toEqual([]);
    expect((await deadLetters.list(100)).total).toBe(2);
  });
});
