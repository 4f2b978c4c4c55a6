import type { PluginStatus } from '../messages.ts';
import { durationText } from '../words/durations.ts';
import { numberText } from '../words/numbers.ts';

/** A figure that SQS or CloudWatch may owe. */
export const gaugeText = (value: number | undefined): string =>
  value === undefined ? '?' : numberText(value);

/** For how long the oldest task of a queue has waited. */
export function oldestText({ oldestSeconds, queued }: PluginStatus): string {
  return oldestSeconds === undefined || queued === 0 ? '–' : durationText(oldestSeconds * 1000);
}
