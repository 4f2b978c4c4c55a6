import type { Usage } from './meter/usage.ts';
import { PRICES } from './prices.ts';

/** What a receive that brings something is taken to run for: the emulator's time says nothing of Lambda's. */
export const INVOCATION = { ms: 20, megabytes: 256 } as const;

const { perMillion } = PRICES;

/** Dollars a million invocations, with their time. */
export const INVOCATION_DOLLARS =
  perMillion.invocations +
  (INVOCATION.ms / 1000) * (INVOCATION.megabytes / 1024) * perMillion.lambdaGbSeconds;

/** Dollars for a million times the usage. */
export function dollarsPerMillion(usage: Usage): number {
  return (
    usage.sqs * perMillion.sqsRequests +
    usage.sns * perMillion.snsRequests +
    usage.writeUnits * perMillion.writeUnits +
    usage.readUnits * perMillion.readUnits +
    usage.invocations * INVOCATION_DOLLARS
  );
}
