import { expect, it } from '@jest/globals';
import { doneMessageIds } from '../../infra/local/mapping/batch-outcome.ts';

const batch = ['a', 'b', 'c'];

it.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['a list that is null', { batchItemFailures: null }],
  ['an empty list', { batchItemFailures: [] }],
])('%s means that the whole batch is done', (_name, response) => {
  expect(doneMessageIds(response, batch)).toEqual(batch);
});

it('the messages that are named have failed, the others are done', () => {
  const response = { batchItemFailures: [{ itemIdentifier: 'b' }] };
  expect(doneMessageIds(response, batch)).toEqual(['a', 'c']);
});

it.each([
  ['a text', 'ok'],
  ['a list', []],
  ['failures that are no list', { batchItemFailures: 'b' }],
  ['an id under another name', { batchItemFailures: [{ id: 'b' }] }],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['an id that is null', { batchItemFailures: [{ itemIdentifier: null }] }],
  ['a failure that is null', { batchItemFailures: [null] }],
  [
    'the id of no message, beside a good one',
    { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'x' }] },
  ],
])('%s means that the whole batch has failed', (_name, response) => {
  expect(doneMessageIds(response, batch)).toEqual([]);
});
