import { stripVTControlCharacters } from 'node:util';
import { expect, it, jest } from '@jest/globals';
import { Terminal } from '../../infra/local/terminal.ts';
import { drawLogLine, readLogLine } from '../../src/cli/logs/log-line.ts';
import { visible, visibleIn, visibleJson } from '../../src/cli/visible-text.ts';

/** What drives a terminal: a title, a cleared screen, in C0 and in C1; and text that is shown backwards. */
const DRIVING = '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\u202egnp.exe\u2069\u007f';
const SHOWN = '\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u000d\\u202egnp.exe\\u2069\\u007f';
const paint = (_: string, text: string) => text;

// Was: the error message of a plugin moved the cursor, cleared the screen or set the title of whoever looked at its order.
// Now: what a terminal would obey is spelled out.
it('text from outside is shown, not obeyed', () => {
  expect(visible(DRIVING)).toBe(SHOWN);
  expect(visible('lines\r\nand\ttabs\nstay, as do 👩‍👧 and עברית')).toBe(
    'lines\nand\ttabs\nstay, as do 👩‍👧 and עברית',
  );
});

it('all text of a value is, wherever it stands', () => {
  const value = { [DRIVING]: [DRIVING, 5, null, { deep: DRIVING }] };
  expect(visibleIn(value)).toEqual({ [SHOWN]: [SHOWN, 5, null, { deep: SHOWN }] });
});

it('JSON is the same value, and drives nothing', () => {
  const value = { text: DRIVING };
  const text = visibleJson(value, 2);
  expect(JSON.parse(text)).toEqual(value);
  expect(visible(text)).toBe(text);
});

it('lines of a log are', () => {
  const line = readLogLine(`nasty | ${JSON.stringify({ message: DRIVING, why: DRIVING })}`);
  const drawn = drawLogLine(line ?? { function: '', message: '', fields: {} }, { paint });
  expect(drawn).toBe(visible(drawn));
  expect(drawn).toContain(`why=${SHOWN}`);
});

it('what the local stack tells of failed attempts is', () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  new Terminal().problem('nasty', `failed: ${DRIVING}`, `order ${DRIVING}`);
  new Terminal().say('nasty', DRIVING);
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).toContain(SHOWN);
    const plain = stripVTControlCharacters(line);
    expect(visible(plain)).toBe(plain);
  }
});
