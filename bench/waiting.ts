import { pausesBetweenLooks } from '../src/app/orders/pauses-between-looks.ts';
import { PRICES } from './prices.ts';

/** The memory of the functions that wait while a call waits for its order, in megabytes: serverless.yml. */
export const MEGABYTES = { ingest: 512, answer: 256 } as const;

export interface WaitingRow {
  readonly seconds: number;
  /** How often the order is looked at; a look at entries of up to 4 KB is a read unit. */
  readonly looks: number;
  readonly dollarsPerMillionCalls: number;
}

/** What it costs, besides the order, that a call waits for so long. Nothing is measured: it is time and prices. */
export function waitingFor(seconds: number): WaitingRow {
  const { invocations, lambdaGbSeconds, readUnits } = PRICES.perMillion;
  const gigabytes = (MEGABYTES.ingest + MEGABYTES.answer) / 1024;
  const looks = looksWithin(seconds);
  const dollarsPerMillionCalls =
    invocations + seconds * gigabytes * lambdaGbSeconds + looks * readUnits;
  return { seconds, looks, dollarsPerMillionCalls };
}

function looksWithin(seconds: number): number {
  let looks = 1;
  let waitedMs = 0;
  for (const pauseMs of pausesBetweenLooks()) {
    if (waitedMs >= seconds * 1000) break;
    waitedMs += pauseMs;
    looks += 1;
  }
  return looks;
}
