import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** What has been asked of AWS, by the name of the command, and the capacity that it took. */
export interface Tally {
  readonly calls: Record<string, number>;
  /** Write units of the table and its index. */
  writeUnits: number;
  /** Read units; a consistent read of up to 4 KB is one. */
  readUnits: number;
}

interface Consumed {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number };
}

/** Counts all that the clients send from now on. */
export function count(dynamodb: DynamoDBClient, sqs: SQSClient, sns: SNSClient): Tally {
  const tally: Tally = { calls: {}, writeUnits: 0, readUnits: 0 };
  dynamodb.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        tallyCall(tally, commandName);
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const answer = await next(args);
        const { CapacityUnits = 0 } = (answer.output as Consumed).ConsumedCapacity ?? {};
        if (/^(Get|Query)/.test(commandName)) tally.readUnits += CapacityUnits;
        else tally.writeUnits += CapacityUnits;
        return answer;
      },
    { step: 'initialize', name: 'count' },
  );
  for (const client of [sqs, sns] as readonly Pick<SQSClient, 'middlewareStack'>[]) {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          tallyCall(tally, commandName);
          return next(args);
        },
      { step: 'initialize', name: 'count' },
    );
  }
  return tally;
}

function tallyCall({ calls }: Tally, commandName: string): void {
  const name = commandName.replace(/Command$/, '');
  calls[name] = (calls[name] ?? 0) + 1;
}
