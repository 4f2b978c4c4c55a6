import { describe, expect, it } from '@jest/globals';
import { outlineOf } from '../../src/core/workflow.ts';
import { todo, workflow } from './vocabulary.ts';

describe('the outline of a workflow', () => {
  it('names the plugins in order, those of a parallel stage nested', () => {
    const definition = workflow(
      { pre: ['A', 'B'], parallel: ['C', 'D'], post: ['E'] },
      { post: ['F'] },
    );
    expect(outlineOf(definition)).toEqual(['A', 'B', ['C', 'D'], 'E', 'F']);
  });

  it('has a star where everyone is invited', () => {
    expect(outlineOf(workflow({ pre: '*', parallel: '*' }))).toEqual(['*', ['*']]);
  });

  it('leaves out waits, and parallel stages of nothing else', () => {
    const wait = { waitSeconds: 1 };
    expect(outlineOf(workflow({ pre: [wait, 'A'], parallel: [wait] }))).toEqual(['A']);
  });

  it('of an ad-hoc list is the list', () => {
    expect(outlineOf(todo('A', ['B', 'C'], 'A'))).toEqual(['A', ['B', 'C'], 'A']);
  });
});

it('the activities of an ad-hoc list are numbered from 1', () => {
  expect(todo('A', ['B']).activities).toEqual([
    { name: '1', pre: [{ plugin: 'A' }], parallel: [], post: [] },
    { name: '2', pre: [], parallel: [{ plugin: 'B' }], post: [] },
  ]);
});
