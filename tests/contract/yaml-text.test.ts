import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/contract/problem.ts';
import { readYaml } from '../../src/contract/yaml-text.ts';

const refusalOf = (text: string) => {
  try {
    return { value: readYaml(text) };
  } catch (error) {
    return (error as Problem).errors.map(({ line, message }) => [line, message]);
  }
};

const unknown = (tag: string) => `the tag ${tag} is not known here, or does not fit its value`;

// Was: unknown tags were dropped without a word, `!Ref Bucket` was the text Bucket, and `!!set` an empty object.
// Now: whatever would be read in another way than it is written is refused, with its line.
describe('what YAML says beyond JSON is refused with its line:', () => {
  it.each<[string, number, string]>([
    ['a: 1\nb: !Ref Bucket\n', 2, unknown('!Ref')],
    ['a: !Sub "{Bucket}"\n', 1, unknown('!Sub')],
    ['a:\n  - !ENV X\n', 2, unknown('!ENV')],
    ['a: !Foo [A]\n', 1, unknown('!Foo')],
    ['a: !Foo {b: 1}\n', 1, unknown('!Foo')],
    ['!Foo\na: 1\n', 1, unknown('!Foo')],
    ['a: !!set {x, y}\n', 1, unknown('!!set')],
    ['a: !!omap [x: 1]\n', 1, unknown('!!omap')],
    ['a: !!binary aGk=\n', 1, unknown('!!binary')],
    ['a: !!timestamp 2026-11-21\n', 1, unknown('!!timestamp')],
    ['a: !!int x\n', 1, unknown('!!int')],
    ['%YAML 1.1\n---\na: yes\n', 1, 'the text says that it is YAML 1.1; only 1.2 is read'],
    ['%YAML 1.3\n---\na: 1\n', 1, 'Unsupported YAML version 1.3'],
    ['%FOO bar\n---\na: 1\n', 1, 'Unknown directive %FOO'],
    ['a: 1\n---\nb: 2\n', 2, 'a second document begins here, and only one is taken'],
    ['a: 1\n---\n', 2, 'a second document begins here, and only one is taken'],
    ['? [1, 2]\n: 3\n', 1, 'a key is text here: no list, no object, and nothing with a tag'],
    ['!Foo a: 1\n', 1, 'a key is text here: no list, no object, and nothing with a tag'],
  ])('%j', (text, line, message) => {
    expect(refusalOf(text)).toEqual([[line, message]]);
  });

  it('each of several', () => {
    expect(refusalOf('a: !Ref A\nb: !Ref B\n')).toEqual([
      [1, unknown('!Ref')],
      [2, unknown('!Ref')],
    ]);
  });
});

// Was: "Converting circular structure to JSON", which names no line. Now: the alias is named, and where it stands.
it.each<[string, number, string]>([
  ['a: &x [*x]\n', 1, 'a[0]: *x stands within the value that it names'],
  ['a: &x {b: 1}\nc: &x\n  d:\n    - *x\n', 4, 'c.d[0]: *x stands within the value that it names'],
  [
    'a: &x\n  b: &x 1\n  c: *x\nd: &y\n  e: *y\n',
    5,
    'd.e: *y stands within the value that it names',
  ],
])('%j goes around in a circle', (text, line, message) => {
  expect(refusalOf(text)).toEqual([[line, message]]);
});

it.each<[string, unknown]>([
  ['%YAML 1.2\n---\na: yes\n...\n', { a: 'yes' }],
  [
    'a: !!str 5\nb: !!int "5"\nc: !!seq [1]\nd: !!map {}\ne: ! 5\n',
    { a: '5', b: 5, c: [1], d: {}, e: '5' },
  ],
  ['a: [\n  1\n]\n', { a: [1] }],
])('%j is what it says', (text, value) => {
  expect(refusalOf(text)).toEqual({ value });
});
