import { expect, it } from '@jest/globals';
import { isSystemName } from '../../infra/core/system-name.ts';

it.each(['baton', 'b', 'beta-2', 'x'.repeat(32)])('takes %p', (name) => {
  expect(isSystemName(name)).toBe(true);
});

it.each([
  ...['', ' ', '.', '..', '../..', '/', '/etc', 'a/b', 'a\\b', '~', '-a', 'a-', '2a', 'Baton'],
  ...['a b', 'a\n', 'a\0', 'bätön', 'a.b', 'a_b', '$UNSET', '*', 'x'.repeat(33)],
])('refuses %p', (name) => {
  expect(isSystemName(name)).toBe(false);
});

it('leaves room for the bucket of a stage of nine characters and an account', () => {
  expect(`${'x'.repeat(32)}-pr-123456-objects-000000000000`).toHaveLength(63);
});
