import { describe, expect, it } from '@jest/globals';
import { idsIn } from './printed.ts';
import { stepsOf } from './session.ts';

const ONE = '01M7XWECEMXWH6MBQXPDPP6TFG';
const TWO = '01M8BAHKV0SF8GYJ6CG94HS490';

describe('what a page says that is printed', () => {
  it.each([
    [`order ${ONE} completed: 14`, `order ${TWO} completed: 14\n`],
    [`${ONE}  waiting\n${ONE}`, `${TWO}    waiting\n${TWO}`],
    ['took 20.6 s', 'took 1 min 3 s'],
    ['  +180 ms  done', '  +1.2 s  done'],
    ['accepted 2026-11-21 02:31:32', 'accepted 2027-01-01 00:00:00'],
    ['{"at":"2026-11-21T01:51:29.292Z",\n "n":1}', '{"at":"2026-12-21T01:51:29.111Z","n":1}'],
    ['walk is ready\n…', 'walk is ready\nanother line\nand one more'],
    ['http://localhost:3000/console', 'http://localhost:41234/console'],
    ['   23  completed: A\n   77  completed: A, B', '    1  completed: A\n   99  completed: A, B'],
  ])('matches %j', (page, actual) => {
    expect(idsIn(page, actual)).toBeDefined();
  });

  it.each([
    [`order ${ONE} completed: 14`, `order ${TWO} completed: 15`],
    [`${ONE}  waiting\n${ONE}`, `${TWO}  waiting\n${ONE}`],
    ['no orders', 'no orders at all'],
    ['photo v3 stored', 'photo v4 stored'],
    ['   23  completed: A', '   23  failed: A'],
    ['deadline passed', 'an instant came'],
  ])('does not match %j where something else is printed: %j', (page, actual) => {
    expect(idsIn(page, actual)).toBeUndefined();
  });

  it('says which id stands for which', () => {
    expect(idsIn(`order ${ONE} started`, `order ${TWO} started`)).toEqual({ [ONE]: TWO });
  });
});

describe('the steps of a block', () => {
  it('are its commands, with what each prints', () => {
    const session = "$ npx baton orders\nno orders\n\n$ echo 'a\nb' |\n    cat\na\nb\n$ A=1\n";
    expect(stepsOf(session)).toEqual([
      { command: 'npx baton orders', printed: 'no orders' },
      { command: "echo 'a\nb' |\n    cat", printed: 'a\nb' },
      { command: 'A=1', printed: '' },
    ]);
  });

  it('of a script print nothing; a loop is one', () => {
    const script = '# first\nnpm start   # here\n\nfor i in 1 2; do\n  echo $i\ndone > /dev/null\n';
    expect(stepsOf(script).map(({ command }) => command)).toEqual([
      'npm start   # here',
      'for i in 1 2; do\n  echo $i\ndone > /dev/null',
    ]);
  });
});
