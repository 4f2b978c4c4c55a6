import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs: ids, codes and counts, never payloads. */
export const logger = new Logger({ serviceName: 'baton' });
