import { logger } from '../logger.ts';

export const UNKNOWN = new Map<string, never>();

/** The metrics, or none while CloudWatch fails: they are then unknown, and all the rest goes on. */
export async function orUnknown<T>(
  metrics: Promise<ReadonlyMap<string, T>>,
): Promise<ReadonlyMap<string, T>> {
  return metrics.catch((error: Error) => {
    logger.warn('metrics unknown', { error });
    return UNKNOWN;
  });
}
