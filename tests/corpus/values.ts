/** A JSON value as somebody wrote it, and what is right: it is kept as `kept` says, or refused at `refusedAt`, a path within it. */
export type WrittenValue = { readonly text: string } & (
  | { readonly kept: string }
  | { readonly refusedAt: string }
);

const LONG = `1${'0'.repeat(400)}`;

/** Every border takes or refuses these alike. */
export const VALUES: readonly WrittenValue[] = [
  ...[
    '5',
    '-1',
    '0.1',
    '1e-7',
    '9007199254740992',
    '-9007199254740992',
    '123456789012345680000',
  ].map((text) => ({ text, kept: String(Number(text)) })),
  { text: '1.10', kept: '1.1' },
  { text: '1e3', kept: '1000' },
  { text: '1.0E+2', kept: '100' },
  { text: '100e-2', kept: '1' },
  { text: '-0', kept: '0' },
  { text: '0e99999999999999999999', kept: '0' },
  { text: '5e-324', kept: '5e-324' },
  { text: '9007199254740993', refusedAt: '' },
  { text: '-9007199254740993', refusedAt: '' },
  { text: '9007199254740993.0', refusedAt: '' },
  { text: '9007199254740992.5', refusedAt: '' },
  { text: '0.1000000000000000055511151231257827', refusedAt: '' },
  { text: '1e400', refusedAt: '' },
  { text: '-1e400', refusedAt: '' },
  { text: LONG, refusedAt: '' },
  { text: '1e-400', refusedAt: '' },
  { text: '[1, [2, {"x": 9007199254740993}]]', refusedAt: '[1][1].x' },
  { text: 'true', kept: 'true' },
  { text: 'false', kept: 'false' },
  { text: 'null', kept: 'null' },
  { text: '"x"', kept: '"x"' },
  { text: '""', kept: '""' },
  { text: '[]', kept: '[]' },
  { text: '{}', kept: '{}' },
  { text: '"9007199254740993 \\"1e400\\" \\\\"', kept: '"9007199254740993 \\"1e400\\" \\\\"' },
  { text: '"\\u0000\\u001f\\u007f"', kept: '"\\u0000\\u001f\u007f"' },
  { text: '"\\ufffe\\uffff\\u2028"', kept: '"\ufffe\uffff\u2028"' },
  { text: '"\\ud834\\udd1e"', kept: '"\u{1d11e}"' },
  { text: '"\\ud800"', refusedAt: '' },
  { text: '["\\udc00\\ud800"]', refusedAt: '[0]' },
  { text: '{"k\\ud800": 1}', refusedAt: 'k\ud800' },
  { text: '{"a": 1, "a": 2}', refusedAt: 'a' },
  { text: '{"a": 1, "\\u0061": 2}', refusedAt: 'a' },
  { text: '{"a": 1, "a": 1}', kept: '{"a":1}' },
  { text: '{"": 1}', kept: '{"":1}' },
  { text: '{"__proto__": 1}', refusedAt: '__proto__' },
  { text: '{"\\u005f_proto__": {"x": 1}}', refusedAt: '__proto__' },
  { text: '[{"deep": {"__proto__": null}}]', refusedAt: '[0].deep.__proto__' },
  {
    text: '{"constructor": 1, "prototype": {"a": 1}, "toString": 2, "hasOwnProperty": 3}',
    kept: '{"constructor":1,"prototype":{"a":1},"toString":2,"hasOwnProperty":3}',
  },
];
