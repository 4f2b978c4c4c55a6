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

// Was: in a folder with a space or a parenthesis in its path, the line named was Baton's. Now: it is the author's.
it.each([
  ['a space', '/home/ada/my team', 'at file:///home/ada/my%20team/handler.ts:5:9'],
  ['a space, unencoded', '/home/ada/my team', 'at /home/ada/my team/handler.ts:5:9'],
  ['parentheses', '/home/ada/team (1)', 'at file:///home/ada/team%20(1)/handler.ts:5:9'],
  [
    'parentheses in a frame of a function',
    '/home/ada/team (1)',
    'at charge (/home/ada/team (1)/handler.ts:5:9)',
  ],
  ['umlauts', '/home/ada/plugin ü', 'at charge (file:///home/ada/plugin%20%C3%BC/handler.ts:5:9)'],
  ['umlauts, unencoded', '/home/ada/plugin ü', 'at charge (/home/ada/plugin ü/handler.ts:5:9)'],
  ['a percent sign', '/home/ada/100%', 'at file:///home/ada/100%25/handler.ts:5:9'],
  ['colons', '/home/ada/a:1:2', 'at charge (/home/ada/a:1:2/handler.ts:5:9)'],
  ['an async frame', '/home/ada/my team', 'at async /home/ada/my team/handler.ts:5:9'],
  [
    'an async frame of a function',
    '/home/ada/my team',
    'at async Object.charge [as perform] (/home/ada/my team/handler.ts:5:9)',
  ],
  [
    'the frame of a constructor',
    '/home/ada/my team',
    'at new Charge (/home/ada/my team/handler.ts:5:9)',
  ],
  [
    'the frame of a list of promises',
    '/home/ada/team',
    'at async Promise.all (index 0)\n    at /home/ada/team/handler.ts:5:9',
  ],
])('the author’s line is found with %s', (_, folder, frame) => {
  const stack = `Error: no\n    at inflate (node:zlib:1:2)\n    ${frame}\n    at performTask (/home/ada/ba ton (2)/src/sdk/perform-task.ts:1:2)`;
  const [told] = failedAttempts(line({ code: 'X', retry: 'policy', stack }), folder);
  expect(told?.what).toBe('failed: X: no, at handler.ts:5');
  const [at] = failedAttempts(line({ code: 'X', at: frame.split('\n').at(-1) }), folder);
  expect(at?.what).toBe('failed: X, at handler.ts:5');
});

it('a message that looks like a place is none', () => {
  const stack = 'Error: cannot read /etc/team:1:2\n    at charge (/home/ada/team/handler.ts:5:9)';
  const [told] = failedAttempts(line({ code: 'X', stack }), '/home/ada/team');
  expect(told?.what).toBe('failed: X: cannot read /etc/team:1:2, at handler.ts:5');
});

it('other lines, and half of a line, tell of no failed attempt', () => {
  const half = line({ code: 'X' }).slice(0, 60);
  const other = JSON.stringify({ message: 'he said "task failed" yesterday' });
  expect(failedAttempts(`plain text\n${half}\n${other}`, '/')).toEqual([]);
});
