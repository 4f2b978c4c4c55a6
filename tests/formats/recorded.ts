import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Json } from '../../src/core/json.ts';

/** A system that was stopped in the midst of its work: what lay in its table and in its queues, and what its orders came to. */
export interface Recorded {
  /** The version of Baton that wrote it. */
  readonly version: string;
  readonly items: readonly Record<string, RecordedValue>[];
  /** By queue: `orchestrator`, or a plugin's name. */
  readonly messages: Readonly<Record<string, readonly Json[]>>;
  readonly ends: Readonly<Record<string, { readonly status: string; readonly result?: Json }>>;
}

/** DynamoDB's own, but for bytes, which are in base64. */
type RecordedValue = Exclude<AttributeValue, AttributeValue.BMember> | { readonly bytes: string };

export function toRecorded(
  item: Readonly<Record<string, AttributeValue>>,
): Record<string, RecordedValue> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B === undefined
        ? (value as RecordedValue)
        : { bytes: Buffer.from(value.B).toString('base64') },
    ]),
  );
}

export function fromRecorded(
  item: Readonly<Record<string, RecordedValue>>,
): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      'bytes' in value ? { B: Buffer.from(value.bytes, 'base64') } : (value as AttributeValue),
    ]),
  );
}
