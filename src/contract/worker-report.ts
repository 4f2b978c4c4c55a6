import { createHmac } from 'node:crypto';
import { isSignedByOne } from './signature.ts';

/** What a worker of a plugin says of itself: a process in a container, of which nobody else keeps count. */
export interface WorkerReport {
  readonly plugin: string;
  /** Tells the plugin's workers apart. */
  readonly worker: string;
  /** How many tasks it performs at once, at most. */
  readonly concurrency: number;
  /** How many it performs now. */
  readonly busy: number;
  /** By the worker's clock, in milliseconds since 1970. */
  readonly at: number;
  /** It ends, and reports no more. */
  readonly ended?: true | undefined;
}

/** A worker reports this often. */
export const REPORT_EVERY_SECONDS = 60;

/** Proof that a worker of the plugin wrote the report. No task token is signed for such a text: those begin with the id of an order. */
export function signReport(report: WorkerReport, key: string): string {
  const { plugin, worker, concurrency, busy, at, ended } = report;
  const text = JSON.stringify(['worker', plugin, worker, concurrency, busy, at, ended === true]);
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Whether one of the plugin's keys signed the report. */
export function isGenuine(
  report: WorkerReport,
  signature: string,
  keys: readonly string[],
): boolean {
  return isSignedByOne(signature, keys, (key) => signReport(report, key));
}
