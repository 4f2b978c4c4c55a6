import { expect, it } from '@jest/globals';
import { writeLine } from '../../src/sdk/log.ts';

it('a line of the log is JSON, with the level and the time as Lambda reads them', () => {
  const written: string[] = [];
  writeLine({ level: 'warn', message: 'late', orderId: 'one' }, (text) => void written.push(text));
  expect(written.length).toBe(1);
  expect(written[0]).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(String(written[0]))).toEqual({
    ...{ level: 'WARN', message: 'late', orderId: 'one' },
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
});
