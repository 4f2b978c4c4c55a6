import { expect, it } from '@jest/globals';
import * as clients from '../../src/aws/sdk-clients.ts';

process.env.AWS_REGION = 'us-east-1';

it.each(Object.entries(clients))('%s makes no copies of its calls for a log', (_, client) => {
  const { logger } = client().config;
  expect(logger).not.toHaveProperty('info');
  expect(logger).not.toHaveProperty('error');
  // S3's client calls it without looking.
  expect(() => logger.debug('said')).not.toThrow();
});
