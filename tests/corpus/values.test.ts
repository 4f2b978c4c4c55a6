import { describe, expect, it } from '@jest/globals';
import { BORDERS } from './borders.ts';
import { VALUES } from './values.ts';

// Was: {"id": 9007199254740993} was stored as …992, and keys called __proto__ vanished. Now: what would change is refused by its path.
describe.each(BORDERS)('$name', ({ name, at, unlike, take }) => {
  const values = VALUES.filter(({ text }) => unlike?.test(text) !== true);

  it('is kept as it was written, or refused at its place', async () => {
    const fates = await Promise.all(values.map(({ text }) => take(text)));
    const right = values.map((value) => {
      if ('kept' in value) return { kept: value.kept };
      if (name === "a plugin's result") return { code: 'REFUSED' };
      const { refusedAt } = value;
      const path =
        refusedAt.startsWith('[') || at === '' ? `${at}${refusedAt}` : `${at}.${refusedAt}`;
      const where = refusedAt === '' ? at : path;
      return { code: 'INVALID_REQUEST', ...(where !== '' && { path: where }) };
    });
    expect(named(fates, values)).toEqual(named(right, values));
  });
});

function named(fates: readonly object[], values: readonly { readonly text: string }[]) {
  return fates.map((fate, index) => ({ text: values[index]?.text.slice(0, 80), ...fate }));
}
