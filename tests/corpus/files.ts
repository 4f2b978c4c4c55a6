/** A file as somebody has it, and what is right: its orders by line, the rows that are refused, or that it is refused as a whole. */
export interface GivenFile {
  readonly name: string;
  readonly type: string;
  readonly content: string | Uint8Array;
  /** The inputs that are stored, by line; attributes too, where there are any. */
  readonly orders?: Readonly<Record<number, unknown>>;
  readonly attributes?: Readonly<Record<number, object>>;
  /** By line: the code, and the path if it has one. */
  readonly rejected?: Readonly<Record<number, string>>;
  /** The whole is refused: code, path and line, as far as there are any. */
  readonly refused?: string;
}

const csv = (name: string, content: string | Uint8Array, right: object): GivenFile => ({
  ...{ name, type: 'text/csv', content },
  ...right,
});
const json = (name: string, content: string | Uint8Array, right: object): GivenFile => ({
  ...{ name, type: 'application/json', content },
  ...right,
});
const ndjson = (name: string, content: string | Uint8Array, right: object): GivenFile => ({
  ...{ name, type: 'application/x-ndjson', content },
  ...right,
});

const BOM = '\ufeff';
const LATIN1 = Buffer.from('input\nM\xfcller\n', 'latin1');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

/** All orders run `?workflow=w`. */
export const FILES: readonly GivenFile[] = [
  csv('lines that end with LF', 'input\n1\n2\n', { orders: { 2: 1, 3: 2 } }),
  csv('lines that end with CRLF', 'input\r\n1\r\n2\r\n', { orders: { 2: 1, 3: 2 } }),
  csv('lines that end with CR', 'input\r1\r2\r', { orders: { 2: 1, 3: 2 } }),
  csv('a CRLF header over LF rows', 'input\r\n1\n2\n3\n', { orders: { 2: 1, 3: 2, 4: 3 } }),
  csv('an LF header over CRLF and CR rows', 'input\n1\r\n2\r3', { orders: { 2: 1, 3: 2, 4: 3 } }),
  csv('a last row without an end', 'input\n1', { orders: { 2: 1 } }),
  csv('ends of lines within quotes', 'input\n"a\r\nb\nc"\nd\n', {
    orders: { 2: 'a\r\nb\nc', 5: 'd' },
  }),
  csv('empty lines, which count', 'input\n\n1\n\n\n2\n', { orders: { 3: 1, 6: 2 } }),
  csv('rows of blank cells', 'input.a,input.b\n,\n1,2\n , \n,,\n', {
    orders: { 3: { a: 1, b: 2 } },
  }),
  csv('thousands of blank rows', `input,\n1,\n${',\n'.repeat(3000)}2,\n`, {
    orders: { 2: 1, 3003: 2 },
  }),
  csv('semicolons', 'input.a;input.b\n1;2,5\n', { orders: { 2: { a: 1, b: '2,5' } } }),
  csv('tabs', 'input.a\tinput.b\n1\tx y\n', { orders: { 2: { a: 1, b: 'x y' } } }),
  csv('vertical bars', 'input.a|input.b\n1|2\n', { orders: { 2: { a: 1, b: 2 } } }),
  csv("Excel's line sep=;", 'sep=;\r\ninput.a;input.b\r\n1;2\r\n', {
    orders: { 3: { a: 1, b: 2 } },
  }),
  csv("Excel's line after a mark", `${BOM}sep=,\ninput.a;b,input.c\n1,2\n`, {
    orders: { 3: { 'a;b': 1, c: 2 } },
  }),
  csv('another separator, named', 'sep=^\ninput^todo\n1^A\n', {
    refused: 'INVALID_REQUEST line 1',
  }),
  // Was: one column called `a^input.b`, and each row one text; the orders completed.
  // Now: whatever stands before the name of a next column is refused as a separator.
  ...['^', '~', ' ', '\x1f', '\uff0c', '\u037e', ' / '].map((separator) =>
    csv(
      `columns that ${JSON.stringify(separator)} separates`,
      `input.a${separator}input.b\n1${separator}2\n`,
      {
        refused: 'INVALID_REQUEST line 1',
      },
    ),
  ),
  csv('columns of names that a blank separates', 'todo input\nA 5\n', {
    refused: 'INVALID_REQUEST line 1',
  }),
  csv(
    'names that hold the names of columns',
    'input.my-input,"input.a input.b",input.input\n1,2,3\n',
    {
      orders: { 2: { 'my-input': 1, 'a input.b': 2, input: 3 } },
    },
  ),
  csv('one name that holds a blank', 'input.first name\n1\n', {
    orders: { 2: { 'first name': 1 } },
  }),
  csv('two separators in the header', 'input.a,input.b;c\n1,2\n', {
    refused: 'INVALID_REQUEST line 1',
  }),
  csv('a separator within a quoted name', '"input.a;b",input.c\n1,2\n', {
    orders: { 2: { 'a;b': 1, c: 2 } },
  }),
  csv('a separator in the rows only', 'input\n1;2\n', { orders: { 2: '1;2' } }),
  // Was: an order whose input was Ctrl-Z, zero characters or the head of the next file. Now: Ctrl-Z ends the file, the others are refused.
  ...['1\n\x1a', '1\x1a', `1\n${'\x1a'.repeat(100)}`].map((rows) =>
    csv(`Ctrl-Z at the end: ${JSON.stringify(rows.slice(0, 8))}`, `input\n${rows}`, {
      orders: { 2: 1 },
    }),
  ),
  csv('Ctrl-Z in the midst', 'input\na\x1ab\n\x1a\n2\n', {
    orders: { 2: 'a\x1ab', 4: 2 },
    rejected: { 3: 'MALFORMED_BODY' },
  }),
  ...['\0'.repeat(50), '\x1a\r\n', '\x04', '\u200b', '"\0"', '\u2060 \ufeff'].map((row) =>
    csv(`a row of what does not show: ${JSON.stringify(row.slice(0, 8))}`, `input\n1\n${row}`, {
      orders: { 2: 1 },
      rejected: { 3: 'MALFORMED_BODY' },
    }),
  ),
  csv('two files put together', 'input.a,input.b\n1,2\ninput.a,input.b\n3,4\n', {
    orders: { 2: { a: 1, b: 2 }, 4: { a: 3, b: 4 } },
    rejected: { 3: 'MALFORMED_BODY' },
  }),
  csv('two files with marks put together', `${BOM}input\n1\n${BOM}input\n2\n${BOM}3\n`, {
    orders: { 2: 1, 4: 2 },
    rejected: { 3: 'MALFORMED_BODY', 5: 'MALFORMED_BODY' },
  }),
  csv('lines that stand in quotes', '"input.a,input.b"\n"1,2"\n', {
    refused: 'INVALID_REQUEST line 1',
  }),
  csv('a mark at the beginning', `${BOM}input\n1\n`, { orders: { 2: 1 } }),
  csv('UTF-16 with a mark', utf16(`${BOM}input\n1\n`), { refused: 'MALFORMED_BODY' }),
  csv('UTF-16 without a mark', utf16('input\n1\n'), { refused: 'MALFORMED_BODY' }),
  csv('Latin-1', LATIN1, { refused: 'MALFORMED_BODY' }),
  csv('text in UTF-8', 'input\nMüller\n', { orders: { 2: 'Müller' } }),
  csv('a zero character within a cell', 'input\na\0b\n', { orders: { 2: 'a\0b' } }),
  csv('a header that ends with commas', 'input.a,input.b,,\n1,2,,\n', {
    orders: { 2: { a: 1, b: 2 } },
  }),
  csv('a cell under a column without a name', 'input.a,\n1,2\n', {
    rejected: { 2: 'INVALID_REQUEST column 2' },
  }),
  csv('a column twice', 'input.a,input.a:number\n1,2\n', {
    refused: 'INVALID_REQUEST input.a line 1',
  }),
  csv('no header', '', { refused: 'INVALID_REQUEST line 1' }),
  csv('an empty header', ',,\n1,2,3\n', { refused: 'INVALID_REQUEST line 1' }),
  csv('a column nobody knows', 'input,colour\n1,red\n', {
    refused: 'INVALID_REQUEST colour line 1',
  }),
  csv('spaces around the names of columns', ' input.a , input.b\n1,2\n', {
    orders: { 2: { a: 1, b: 2 } },
  }),
  csv('a row that is too short', 'input.a,input.b\n1\n1,2\n', {
    orders: { 3: { a: 1, b: 2 } },
    rejected: { 2: 'MALFORMED_BODY' },
  }),
  csv('a row that is too long', 'input.a,input.b\n1,2,3\n1,2\n', {
    orders: { 3: { a: 1, b: 2 } },
    rejected: { 2: 'MALFORMED_BODY' },
  }),
  csv('a row that ends with commas', 'input.a,input.b\n1,2,,\n', { orders: { 2: { a: 1, b: 2 } } }),
  csv('a quote within an unquoted cell', 'input.a,input.b\n5" pipe,1\n2,37°8"N 2°17.9"W\n', {
    orders: { 2: { a: '5" pipe', b: 1 }, 3: { a: 2, b: '37°8"N 2°17.9"W' } },
  }),
  csv('a quoted cell that goes on behind its quote', 'input.a,input.b\n"a"b,1\n1,2\n', {
    orders: { 3: { a: 1, b: 2 } },
    rejected: { 2: 'MALFORMED_BODY' },
  }),
  csv('a quote that nobody closes', 'input\n"a\nb\n', {
    orders: { 3: 'b' },
    rejected: { 2: 'MALFORMED_BODY' },
  }),
  csv('a quote doubled', 'input\n"say ""x"""\n', { orders: { 2: 'say "x"' } }),
  csv(
    'cells that do not print back as they were',
    `input\n${[
      '1.10',
      '007',
      '1e3',
      '0x10',
      '+5',
      '9007199254740993',
      ' 5',
      'TRUE',
      '-0',
      '.5',
      '5.',
      '1,5',
      '1e400',
      'NaN',
      'Infinity',
    ]
      .map((cell) => `"${cell}"`)
      .join('\n')}\n`,
    {
      orders: {
        ...{ 2: '1.10', 3: '007', 4: '1e3', 5: '0x10', 6: '+5', 7: '9007199254740993' },
        ...{ 8: ' 5', 9: 'TRUE', 10: '-0', 11: '.5', 12: '5.', 13: '1,5', 14: '1e400' },
        ...{ 15: 'NaN', 16: 'Infinity' },
      },
    },
  ),
  csv('a space before a cell', 'input.a,input.b\n1, 5\n', { orders: { 2: { a: 1, b: ' 5' } } }),
  csv('cells that print back', 'input\n5\n-1.5\ntrue\nfalse\nnull\n1e-7\n', {
    orders: { 2: 5, 3: -1.5, 4: true, 5: false, 6: null, 7: 1e-7 },
  }),
  csv('JSON in a cell', 'input\n"{""a"": 1.10}"\n"[1, 2]"\n"""007"""\n{a\n', {
    orders: { 2: { a: 1.1 }, 3: [1, 2], 4: '007', 5: '{a' },
  }),
  csv('JSON in a cell that would change', 'input.x\n"{""a"": 9007199254740993}"\n', {
    rejected: { 2: 'INVALID_REQUEST input.x.a' },
  }),
  csv(
    'columns with types',
    'input.a:number,input.b:string,input.c:boolean,input.d:json,attributes.e:string\n1.10,007,TRUE,[1],5\n',
    { orders: { 2: { a: 1.1, b: '007', c: true, d: [1] } }, attributes: { 2: { e: '5' } } },
  ),
  csv('input itself with a type', 'input:string\n5\ntrue\n', { orders: { 2: '5', 3: 'true' } }),
  csv(
    'cells that do not fit their type',
    'input.a:number,input.b:boolean,input.c:json\n007,,\n,yes,\n,,{a\n9007199254740993,,\n1,,\n',
    {
      orders: { 6: { a: 1 } },
      rejected: {
        2: 'INVALID_REQUEST input.a',
        3: 'INVALID_REQUEST input.b',
        4: 'MALFORMED_BODY input.c',
        5: 'INVALID_REQUEST input.a',
      },
    },
  ),
  csv('a type that there is not', 'input.a:nubmer\n1\n', {
    refused: 'INVALID_REQUEST input.a:nubmer line 1',
  }),
  csv('a type on a name', 'workflow:string,input\nw,1\n', {
    refused: 'INVALID_REQUEST workflow line 1',
  }),
  csv('a name with a colon', 'input.xml:lang:string\nen\n', {
    orders: { 2: { 'xml:lang': 'en' } },
  }),
  csv('the prototype as a column', 'input.__proto__\n1\n', {
    refused: 'INVALID_REQUEST input.__proto__ line 1',
  }),
  csv('columns called like what every object has', 'input.constructor,input.toString\n1,2\n', {
    orders: { 2: { constructor: 1, toString: 2 } },
  }),
  json('an order', '{"input": 5}', { orders: { 1: 5 } }),
  json('an order after a mark', `${BOM}{"input": 5}`, { orders: { 1: 5 } }),
  json('an array after a mark', `${BOM}[{"input": 5}, {"input": 6}]`, { orders: { 1: 5, 2: 6 } }),
  json(
    'an array with one bad number',
    '[{"input": 1},\n{"input": {"id": 9007199254740993}},\n{"input": 3}]',
    {
      orders: { 1: 1, 3: 3 },
      rejected: { 2: 'INVALID_REQUEST input.id' },
    },
  ),
  json('strings with brackets and quotes', '[{"input": "],\\"["}, {"input": "\\\\"}]', {
    orders: { 1: '],"[', 2: '\\' },
  }),
  json('an empty array', '[]', { refused: 'INVALID_REQUEST' }),
  json('false', 'false', { refused: 'INVALID_REQUEST' }),
  json('null', 'null', { refused: 'INVALID_REQUEST' }),
  json('a string that holds an order', '"{\\"input\\": 5}"', { refused: 'INVALID_REQUEST' }),
  json('nothing', '', { refused: 'MALFORMED_BODY' }),
  json('half an order', '{"input": 5', { refused: 'MALFORMED_BODY' }),
  json('JSON as JavaScript has it', "{input: 'x'}", { refused: 'MALFORMED_BODY' }),
  json('Latin-1', Buffer.from('{"input": "M\xfcller"}', 'latin1'), { refused: 'MALFORMED_BODY' }),
  json(
    'half a surrogate in UTF-8',
    Buffer.from([...Buffer.from('{"input": "'), 0xed, 0xa0, 0x80, 0x22, 0x7d]),
    {
      refused: 'MALFORMED_BODY',
    },
  ),
  json('UTF-16', utf16('{"input": 5}'), { refused: 'MALFORMED_BODY' }),
  ndjson('lines', '{"input": 1}\n\n{"input": 2}\r\n', { orders: { 1: 1, 3: 2 } }),
  ndjson('lines after a mark', `${BOM}{"input": 1}\n{"input": 2}`, { orders: { 1: 1, 2: 2 } }),
  ndjson(
    'lines of which some are bad',
    '{"input": 1}\nfalse\n{"input": 1e400}\n{"input"\n{"input": 5}\n',
    {
      orders: { 1: 1, 5: 5 },
      rejected: { 2: 'INVALID_REQUEST', 3: 'INVALID_REQUEST input', 4: 'MALFORMED_BODY' },
    },
  ),
  ndjson('UTF-16', utf16(`${BOM}{"input": 1}\n`), { refused: 'MALFORMED_BODY' }),
  // Was: each of these was one order, whose input was the file. Now: a file of orders is one under every name that senders have for it.
  ...['application/csv', 'text/x-csv', 'application/x-csv', 'text/tab-separated-values'].map(
    (type) => ({
      ...csv('a table under another name', 'input.a\tinput.b\n1\t2\n', {
        orders: { 2: { a: 1, b: 2 } },
      }),
      type,
    }),
  ),
  ...['application/ndjson', 'application/jsonl', 'application/x-jsonlines'].map((type) => ({
    ...ndjson('lines under another name', '{"input": 1}\n{"input": 2}\n', {
      orders: { 1: 1, 2: 2 },
    }),
    type,
  })),
  ...['text/json', 'application/vnd.orders+json'].map((type) => ({
    ...json('JSON under another name', '[{"input": 1}]', { orders: { 1: 1 } }),
    type,
  })),
];
