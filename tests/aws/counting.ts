import type { Calls, Operations } from '../../src/aws-calls/json-calls.ts';
import type { LocalCalls } from './local-calls.ts';

/** What has been asked of AWS, by the name of the operation, and the capacity that it took. */
export interface Tally {
  calls: Record<string, number>;
  /** Write units of the table and its index. */
  writeUnits: number;
  /** Read units; a consistent read of up to 4 KB is one. */
  readUnits: number;
}

interface Consumed {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number };
}

/** The same services, and a tally of all that they are asked since it was started over. */
export function counted({ dynamodb, sqs, sns, ...others }: LocalCalls) {
  const tally: Tally = { calls: {}, writeUnits: 0, readUnits: 0 };
  const counting =
    <Known extends Operations>(call: Calls<Known>): Calls<Known> =>
    (operation, input) => {
      tally.calls[operation] = (tally.calls[operation] ?? 0) + 1;
      return call(operation, input);
    };
  const table = counting(dynamodb);
  return {
    tally,
    startOver: () => void Object.assign(tally, { calls: {}, writeUnits: 0, readUnits: 0 }),
    calls: {
      ...others,
      dynamodb: (async (operation, input) => {
        const output = await table(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
        const { CapacityUnits = 0 } = (output as Consumed).ConsumedCapacity ?? {};
        if (/^(Get|Query)/.test(operation)) tally.readUnits += CapacityUnits;
        else tally.writeUnits += CapacityUnits;
        return output;
      }) as LocalCalls['dynamodb'],
      sqs: counting(sqs),
      sns: counting(sns),
    },
  };
}
