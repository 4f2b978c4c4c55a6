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

// Was: such a line threw, and failed the task of whoever wrote it; an error was `{}`. Now: it is written as well as it can be.
it('a line says what JSON cannot', () => {
  const circle: Record<string, unknown> = { name: 'circle' };
  circle.self = circle;
  const error = new TypeError('no such thing', { cause: new Error('nobody home') });
  const written: string[] = [];
  const fields = { orderId: 'one', cents: 5n, circle, error: Object.assign(error, { code: 'E1' }) };
  writeLine({ level: 'info', message: 'odd', ...fields }, (text) => void written.push(text));
  expect(written[0]).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(String(written[0]))).toMatchObject({
    ...{ level: 'INFO', message: 'odd', orderId: 'one', cents: '5' },
    circle: expect.stringContaining("name: 'circle'"),
    error: {
      ...{ code: 'E1', name: 'TypeError', message: 'no such thing' },
      ...{ stack: expect.stringContaining('log.test'), cause: { message: 'nobody home' } },
    },
  });
});
