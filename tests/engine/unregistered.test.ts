import { expect, it } from '@jest/globals';
import { unregistered } from '../../src/engine/unregistered.ts';
import { plugin } from '../ports/registry.contract.ts';

it('a plugin that is registered nowhere is one whose block says nothing, and has no queue', () => {
  const { owner: _, queueUrl: __, queueArn: ___, registeredAt: ____, ...declared } = plugin('A');
  expect(unregistered('A')).toEqual({
    ...declared,
    ...{ owner: 'trial', queueUrl: '', queueArn: '', registeredAt: 0 },
  });
});
