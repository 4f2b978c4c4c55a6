import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

export interface BareHops {
  /** Milliseconds from sending a message to its arrival in a second queue, to which the receiver of the first passes it on. */
  twoHops(): Promise<number>;
  stop(): void;
}

const NAMES = ['bench-bare-1', 'bench-bare-2'];
const BODY = 'x'.repeat(1024);

/** What no orchestrator can undercut: two queues, a long poll on each, and nothing in between. */
export async function openBareHops(endpoint: string): Promise<BareHops> {
  const sqs = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const [first = '', second = ''] = await Promise.all(
    NAMES.map(async (QueueName) =>
      String((await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl),
    ),
  );
  const send = (QueueUrl: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: BODY }));
  const stopping = new AbortController();
  let arrived: () => void = () => undefined;

  const poll = async (QueueUrl: string, received: () => unknown) => {
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    while (!stopping.signal.aborted) {
      const { Messages = [] } = await sqs.send(command, { abortSignal: stopping.signal });
      for (const { ReceiptHandle } of Messages) {
        await received();
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  const polls = [poll(first, () => send(second)), poll(second, () => arrived())];
  // Ended polls say so.
  for (const one of polls) one.catch(() => undefined);

  return {
    twoHops: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      arrived = resolve;
      const startedAt = performance.now();
      await send(first);
      await promise;
      return performance.now() - startedAt;
    },
    stop: () => {
      stopping.abort();
      sqs.destroy();
    },
  };
}
