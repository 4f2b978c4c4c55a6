import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { csvRows } from '../../src/cli/order-file/csv-rows.ts';
import { lineRecords } from '../../src/cli/order-file/line-records.ts';
import { mediaTypeOf, sniffMediaType } from '../../src/cli/order-file/media-type.ts';
import { cut } from '../../src/cli/order-file/piece.ts';
import { readOrderFile } from '../../src/cli/order-file/read-order-file.ts';
import { readTodo, writeTodo } from '../../src/cli/todo.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const ROOMY = { orders: 100, bytes: 1_000_000 };

describe('a CSV', () => {
  const file = Buffer.from('input,todo\n1,A\n\n2,"A;\nB"\n3,A\n4,B\n5,A\n\n');

  it('within the limits stays as it is', () => {
    const [piece, ...more] = cut(file, csvRows(file), ROOMY);
    expect(more).toEqual([]);
    expect(piece?.body).toBe(file);
    expect(piece?.orders).toBe(5);
    expect(piece?.lineInFile(4)).toBe(4);
  });

  it('over the limits is cut between records, each piece under the header', () => {
    const pieces = cut(file, csvRows(file), { ...ROOMY, orders: 2 });
    expect(pieces.map(({ body }) => text(body))).toEqual([
      'input,todo\n1,A\n\n2,"A;\nB"\n',
      'input,todo\n3,A\n4,B\n',
      'input,todo\n5,A\n\n',
    ]);
    expect(pieces.map(({ orders }) => orders)).toEqual([2, 2, 1]);
  });

  it('keeps the line numbers of the file, quoted newlines and blank lines counted', () => {
    const pieces = cut(file, csvRows(file), { ...ROOMY, orders: 2 });
    expect(pieces[0]?.lineInFile(4)).toBe(4);
    expect(pieces.map(({ lineInFile }) => lineInFile(2))).toEqual([2, 6, 8]);
    expect(pieces.map(({ lineInFile }) => lineInFile(1))).toEqual([1, 1, 1]);
  });

  it('is cut by bytes too', () => {
    const pieces = cut(file, csvRows(file), { orders: 100, bytes: 22 });
    expect(Math.max(...pieces.map(({ body }) => body.length))).toBeLessThanOrEqual(25);
    expect(pieces.map(({ body }) => text(body).slice(11)).join('')).toBe(text(file).slice(11));
  });

  it('with a broken row is still cut correctly after that row', () => {
    const broken = Buffer.from('input,todo\n1,"A\n2,"B"x\n3,A\n4,A\n');
    const pieces = cut(broken, csvRows(broken), { ...ROOMY, orders: 1 });
    expect(pieces.map(({ body }) => text(body).slice(11))).toEqual([
      '1,"A\n',
      '2,"B"x\n',
      '3,A\n',
      '4,A\n',
    ]);
  });

  it('may begin with a byte order mark, or have Windows line ends', () => {
    const windows = Buffer.from('\uFEFFinput,todo\r\n1,A\r\n2,ü\r\n');
    const pieces = cut(windows, csvRows(windows), { ...ROOMY, orders: 1 });
    expect(pieces.map(({ body }) => text(body))).toEqual([
      '\uFEFFinput,todo\r\n1,A\r\n',
      '\uFEFFinput,todo\r\n2,ü\r\n',
    ]);
  });
});

it('NDJSON is cut between lines, counting blank ones', () => {
  const file = Buffer.from('\n{"input":1}\n\n{"input":2}\n{"input":3}');
  const pieces = cut(file, lineRecords(file), { ...ROOMY, orders: 1 });
  expect(pieces.map(({ body }) => text(body))).toEqual([
    '\n{"input":1}\n\n',
    '{"input":2}\n',
    '{"input":3}',
  ]);
  expect(pieces[1]?.lineInFile(1)).toBe(4);
  expect(pieces[2]?.lineInFile(1)).toBe(5);
});

it('the media type comes from the name of a file, and from the content of a pipe', () => {
  expect(mediaTypeOf('a/b.CSV')).toBe('text/csv');
  expect(mediaTypeOf('photo.jpeg')).toBe('image/jpeg');
  expect(mediaTypeOf('unknown')).toBe('application/octet-stream');
  expect(sniffMediaType(Buffer.from(' [1]'))).toBe('application/json');
  expect(sniffMediaType(Buffer.from('{"a": 1}\n'))).toBe('application/json');
  expect(sniffMediaType(Buffer.from('{"a": 1}\n{"a": 2}\n'))).toBe('application/x-ndjson');
  const deep = `{"a": ${'['.repeat(100)}${']'.repeat(100)}}\n`;
  expect(sniffMediaType(Buffer.from(deep))).toBe('application/json');
  expect(sniffMediaType(Buffer.from('input,todo\n'))).toBe('text/csv');
  expect(sniffMediaType(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]))).toBe('image/png');
  expect(sniffMediaType(Buffer.from([1, 0, 2]))).toBe('application/octet-stream');
});

// Was: an order that nests too deep kept the command from sending the whole file. Now: the API rejects that order.
it('a file is sent although an order of it nests too deep', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orders-'));
  const path = join(folder, 'orders.json');
  const orders = [1, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 2];
  await writeFile(path, `[${orders.map((input) => `{"input": ${input}}`).join(', ')}]`);
  const whole = await readOrderFile(path);
  expect(whole).toMatchObject({ mediaType: 'application/json', pieces: [{ orders: 3 }] });
  const inPieces = await readOrderFile(path, { limits: { ...ROOMY, orders: 1 } });
  expect(inPieces).toMatchObject({ pieces: [{ orders: 1 }, { orders: 1 }, { orders: 1 }] });
  await rm(folder, { recursive: true });
});

it('a list of plugins is read and written the same way', () => {
  expect(readTodo('A; B|C ;D')).toEqual(['A', ['B', 'C'], 'D']);
  expect(writeTodo(readTodo('A;B|C'))).toBe('A;B|C');
  expect(() => readTodo('A;;B')).toThrow('A list of plugins looks like "A;B|C"');
});
