import { describe, expect, it } from '@jest/globals';
import { findJsonLoss } from '../../src/contract/json-loss.ts';

const circle: Record<string, unknown> = {};
circle.self = [circle];
class Photo {
  readonly width = 5;
}

class Tagged {
  get [Symbol.toStringTag]() {
    return 'Tagged';
  }
}

describe('JSON', () => {
  it.each<[string, unknown, string, string]>([
    ['NaN', Number.NaN, '', 'is NaN'],
    ['Infinity', { sizes: [1, Number.POSITIVE_INFINITY] }, '.sizes[1]', 'is Infinity'],
    ['a BigInt', { items: [{ id: 5n }] }, '.items[0].id', 'is a bigint'],
    ['a function', { 'on end': () => 1 }, '["on end"]', 'is a function'],
    ['a symbol', [Symbol('x')], '[0]', 'is a symbol'],
    ['an undefined item', [1, undefined], '[1]', 'is undefined'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the matter.
    ['a hole', [1, , 3], '[1]', 'is undefined'],
    ['an invalid date', { at: new Date(Number.NaN) }, '.at', 'is an invalid date'],
    ['a map', { sizes: new Map() }, '.sizes', 'is a Map'],
    ['half a character', { name: '😀'.slice(0, 1) }, '.name', 'holds half of a surrogate pair'],
    [
      'a key that is lost',
      JSON.parse('{"a":{"__proto__":1}}'),
      '.a.__proto__',
      'has a key that is not taken',
    ],
    ['a set', new Set([1]), '', 'is a Set'],
    ['a promise', { a: Promise.resolve(1) }, '.a', 'is a Promise'],
    ['a regular expression', { a: /a/ }, '.a', 'is a RegExp'],
    ['an error', { a: new TypeError('x') }, '.a', 'is a TypeError'],
    ['bytes', { a: new Uint8Array(2) }, '.a', 'is a Uint8Array'],
    ['a generator', (function* () {})(), '', 'is a Generator'],
    ['an asynchronous generator', { a: (async function* () {})() }, '.a', 'is a AsyncGenerator'],
    ['a response', new Response('x'), '', 'is a Response'],
    ['headers', { a: new Headers({ a: 'b' }) }, '.a', 'is a Headers'],
    ['a blob', [new Blob(['x'])], '[0]', 'is a Blob'],
    ['an item of which nothing comes', [{ toJSON: () => undefined }], '[0]', 'is undefined'],
    ['what contains itself', circle, '.self[0]', 'contains itself'],
    [
      'what its own JSON form loses',
      { a: { toJSON: () => ({ b: Number.NaN }) } },
      '.a.b',
      'is NaN',
    ],
  ])('loses %s', (_, value, place, what) => {
    expect(findJsonLoss(value)).toEqual({ place, what });
  });

  it.each<[string, unknown]>([
    ['plain values', { a: [1, 'x', true, null], b: {} }],
    ['a property that is undefined', { a: undefined }],
    ['nothing at all', undefined],
    ['a date', new Date(0)],
    ['an instance of a class', new Photo()],
    ['one that says what it is', Object.assign(new Tagged(), { width: 5 })],
    ['an address', new URL('https://baton.example')],
    ['numbers beyond 2^53', 2 ** 60],
    ['the same object in two places', [circle.none, ...Array(2).fill({ a: 1 })].slice(1)],
  ])('carries %s', (_, value) => {
    expect(findJsonLoss(value)).toBeUndefined();
  });

  it('is asked once of each object, however many places hold it', () => {
    let shared: object = {};
    for (let level = 0; level < 60; level += 1) shared = { a: shared, b: shared };
    expect(findJsonLoss(shared)).toBeUndefined();
  });
});
