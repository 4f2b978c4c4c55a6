import { describe, expect, it } from '@jest/globals';
import { matchesPolicy } from '../../src/core/filter-policy.ts';
import { historyOf } from '../../src/core/task-records.ts';
import { given } from './order-specification.ts';
import { accepted, completed, dispatch, plugins, todo, workflow } from './vocabulary.ts';

const NAMES = [
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  'isPrototypeOf',
];

describe('a plugin may be called as any property that every object has', () => {
  it.each(NAMES)('%s', async (name) => {
    const setting = { workflow: todo(name, [name, 'A'], name), plugins: plugins(name, 'A') };
    const past = [accepted(), completed('t1', 1), completed('t3', 3)];
    await given(setting, ...past)
      .when(completed('t2', 2))
      .then({
        status: 'running',
        commands: [
          dispatch(`${name}#3`, { input: { [name]: 2, A: 3 }, done: [name, `${name}#2`, 'A'] }),
        ],
      });
    const { journal } = await given(setting, ...past).told();
    expect(Object.keys(historyOf(journal).jobs)).toEqual([name, 'A']);
  });

  it('and be looked back at', async () => {
    const input = '$jobs.constructor.result';
    const setting = {
      workflow: workflow({ pre: ['constructor', { plugin: 'A', input }] }),
      plugins: plugins('constructor', 'A'),
    };
    await given(setting, accepted())
      .when(completed('t1', 7))
      .then({ status: 'running', commands: [dispatch('A', { input: 7 })] });
  });

  it('and an attribute too', () => {
    expect(matchesPolicy({ constructor: [{ exists: true }] }, {})).toBe(false);
    expect(matchesPolicy({ toString: [{ exists: false }] }, { kind: 'x' })).toBe(true);
    expect(matchesPolicy({ valueOf: ['x'] }, { valueOf: 'x' })).toBe(true);
  });
});
