import { expect, it } from '@jest/globals';
import { failedAttempts } from '../../infra/local/lambda/failed-attempts.ts';

const IDS = { orderId: 'o-1', job: 'resize', attempt: 2, level: 'WARN', message: 'task failed' };
const line = (fields: object) => `${JSON.stringify({ ...IDS, ...fields })}\n`;

it('a failed attempt is told with its code, its message, and the line of its author', () => {
  const stack = `TypeError: no width
    at inflate (node:zlib:1:2)
    at shrink (/home/ada/team/node_modules/sharp/lib/index.js:3:4)
    at file:///home/ada/team/plugins/imaging/resize.ts:12:9
    at performTask (/home/ada/baton/src/sdk/perform-task.ts:1:2)`;
  const written = `START\n${line({ code: 'TYPE_ERROR', retry: 'policy', stack })}`;
  expect(failedAttempts(written, '/home/ada/team')).toEqual([
    {
      what: 'failed: TYPE_ERROR: no width, at plugins/imaging/resize.ts:12',
      which: 'resize, attempt 2, order o-1',
    },
  ]);
});

it('what fails for good says so, with the line in which it was thrown', () => {
  const at = 'at handler (/home/ada/team/handler.ts:5:9)';
  const [told] = failedAttempts(line({ code: 'NO_NAME', retry: 'never', at }), '/home/ada/team');
  expect(told?.what).toBe('failed, for good: NO_NAME, at handler.ts:5');
});

it('other lines, and half of a line, tell of no failed attempt', () => {
  const half = line({ code: 'X' }).slice(0, 60);
  const other = JSON.stringify({ message: 'he said "task failed" yesterday' });
  expect(failedAttempts(`plain text\n${half}\n${other}`, '/')).toEqual([]);
});
