/** What AWS bills of some work. */
export interface Usage {
  /** Requests to SQS, in chunks of 64 KB: https://aws.amazon.com/sqs/pricing/ */
  readonly sqs: number;
  /** Requests to SNS, in chunks of 64 KB: https://aws.amazon.com/sns/pricing/ */
  readonly sns: number;
  /** DynamoDB's write request units, those of indexes included. */
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Receives that brought something: each of them invokes a function. */
  readonly invocations: number;
}

export const NOTHING: Usage = { sqs: 0, sns: 0, writeUnits: 0, readUnits: 0, invocations: 0 };

const KINDS = Object.keys(NOTHING) as (keyof Usage)[];

export function sum(usages: Iterable<Usage>): Usage {
  let total = NOTHING;
  for (const usage of usages) total = combine(total, usage, (a, b) => a + b);
  return total;
}

export function minus(after: Usage, before: Usage): Usage {
  return combine(after, before, (a, b) => a - b);
}

export function dividedBy(usage: Usage, count: number): Usage {
  return combine(usage, NOTHING, (a) => a / count);
}

function combine(a: Usage, b: Usage, of: (a: number, b: number) => number): Usage {
  return Object.fromEntries(KINDS.map((kind) => [kind, of(a[kind], b[kind])])) as never;
}
