import { setTimeout as pause } from 'node:timers/promises';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { adjust, watermark } from '../../plugins/imaging/handler.ts';
import type { ImageReference } from '../../plugins/imaging/image-reference.ts';
import { performOnce } from '../../src/sdk/testing.ts';
import { bucket, openImageBucket } from './image-bucket.ts';

let s3: S3Client;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ s3, close } = await openImageBucket());
});
afterAll(() => close());

/** What becomes of an order's image. */
async function adjusted(file: Buffer | string) {
  const key = `in/${crypto.randomUUID()}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(file) }));
  return performOnce(adjust, { bucket, key });
}

async function codeOf(file: Buffer | string): Promise<string> {
  const performed = await adjusted(file);
  if (performed.status !== 'failed') return performed.status;
  expect(performed.retry).toBe('never');
  return performed.error.code;
}

const svg = (content: string, attributes = 'width="100" height="100"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`;

/** Each group shows the one before ten times: ten thousand million of them. */
const NESTED = Array.from({ length: 10 }, (_, n) => {
  const uses = '<use href="#g0"/>'.replace('g0', `g${n}`).repeat(10);
  return `<g id="g${n + 1}">${uses}</g>`;
}).join('');

const TURBULENCE =
  '<filter id="f"><feTurbulence baseFrequency=".9" numOctaves="9999"/></filter><rect width="9999" height="9999" filter="url(#f)"/>';

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 120, g: 60, b: 60 } } });

const noise = (size: number) =>
  sharp({
    create: {
      ...{ width: size, height: size, channels: 3, background: 'red' },
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  });

/** A PNG that says that it is so large, with next to no data. */
function pngOf(width: number, height: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG whose header says another size than its data has. */
async function jpegOf(width: number, height: number): Promise<Buffer> {
  const jpeg = await plain(64, 64).jpeg().toBuffer();
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  return jpeg;
}

async function gifOf(width: number, height: number): Promise<Buffer> {
  const gif = await plain(8, 8).gif({ loop: 1 }).toBuffer();
  const frame = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 8, 0, 8, 0]));
  for (const at of [6, frame + 5]) {
    gif.writeUInt16LE(width, at);
    gif.writeUInt16LE(height, at + 2);
  }
  return gif;
}

describe('a drawing', () => {
  // Was: sharp drew it, and went on for minutes with every processor after its task had failed. Now: it is not opened.
  it.each([
    ['plain', svg('<rect width="9" height="9"/>')],
    ['with a filter that computes without end', svg(TURBULENCE)],
    [
      'with nested references',
      svg(`<rect id="g0" width="1" height="1"/>${NESTED}<use href="#g10"/>`),
    ],
    ['of a huge size', svg('<rect width="9" height="9"/>', 'viewBox="0 0 1e9 1e9"')],
    ['after an XML declaration and a comment', `<?xml version="1.0"?><!-- hello -->${svg('')}`],
    ['after a byte-order mark and white space', `\uFEFF \n${svg('')}`],
    [
      'with entities of entities',
      `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${svg('<text>&b;</text>')}`,
    ],
    [
      'under a namespace of its own',
      '<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    ],
  ])('%s is refused by its format, and takes no time', async (_, file) => {
    const before = process.cpuUsage();
    expect(await codeOf(file)).toBe('UNSUPPORTED_FORMAT');
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(1);
    expect(sharp.counters()).toEqual({ queue: 0, process: 0 });
  });
});

it.each([
  ['PDF', '%PDF-1.7\n1 0 obj'],
  ['PostScript', '%!PS-Adobe-3.0'],
  ['BMP', 'BM\x36\x00\x0c\x00'],
  ['HEIC', '\0\0\0\x18ftypheic'],
  ['Photoshop', '8BPS\0\x01'],
])('%s is refused by its format', async (format, file) => {
  expect(await adjusted(Buffer.from(file, 'latin1'))).toMatchObject({
    retry: 'never',
    error: { code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining(`is ${format}; `) },
  });
});

it.each([
  ['a text', 'hello'],
  ['an empty file', ''],
  ['a page of HTML', '<!doctype html><p>hello'],
  ['a packed drawing', gzipSync(svg(TURBULENCE))],
  ['an archive', 'PK\x03\x04'],
])('%s is no image', async (_, file) => {
  expect(await codeOf(file)).toBe('NOT_AN_IMAGE');
});

describe('an image of more than 50 megapixels', () => {
  it.each([
    ['PNG', () => pngOf(50_000, 50_000)],
    ['JPEG', () => jpegOf(60_000, 60_000)],
    ['GIF', () => gifOf(65_535, 65_535)],
    ['PNG a little too large', () => pngOf(50_000, 1001)],
  ])('%s is refused by its size, as its header says it', async (_, make) => {
    const performed = await adjusted(await make());
    expect(performed).toMatchObject({
      retry: 'never',
      error: {
        code: 'TOO_MANY_PIXELS',
        message: expect.stringMatching(/ has \d+ x \d+ pixels; at most 50000000 are read$/),
      },
    });
  });
});

describe('an image that is damaged', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)(
    'is called so when a %s file ends in its middle',
    async (format) => {
      const whole = await noise(64).toFormat(format).toBuffer();
      expect(await codeOf(whole)).toBe('completed');
      expect(await codeOf(whole.subarray(0, whole.length >> 1))).toBe('CORRUPT_IMAGE');
    },
  );

  it.each([
    ['JPEG', '\xff\xd8\xff'],
    ['PNG', '\x89PNG\r\n\x1a\n'],
    ['WebP', 'RIFF\x04\0\0\0WEBP'],
    ['GIF that is a drawing', `GIF89a${svg(TURBULENCE)}`],
  ])('is called so when there is nothing but the beginning of a %s', async (_, file) => {
    expect(await codeOf(Buffer.from(file, 'latin1'))).toBe('CORRUPT_IMAGE');
  });

  it('is called so when its header says another size than its data has', async () => {
    expect(await codeOf(pngOf(2000, 2000))).toBe('CORRUPT_IMAGE');
  });

  // Was: a warning of the TIFF reader failed the order. Now: an image that shows is taken.
  it('is taken when it has a field that its reader does not know', async () => {
    const tiff = await plain(64, 64).tiff().toBuffer();
    const directory = tiff.readUInt32LE(4);
    const last = tiff.readUInt16LE(directory) - 1;
    tiff.writeUInt16LE(65_000, directory + 2 + 12 * last);
    expect(await codeOf(tiff)).toBe('completed');
  });
});

describe('a file of several images', () => {
  it.each(['gif', 'webp'] as const)('gives the first frame of an animated %s', async (format) => {
    const frames = await sharp([await frame('red'), await frame('blue')], {
      join: { animated: true },
    })
      .toFormat(format)
      .toBuffer();
    expect((await sharp(frames).metadata()).pages).toBe(2);
    const performed = await adjusted(frames);
    expect(performed).toMatchObject({ status: 'completed', result: { width: 20, height: 10 } });
  });

  const frame = (background: string) =>
    sharp({ create: { width: 20, height: 10, channels: 3, background } })
      .png()
      .toBuffer();
});

describe('work on an image', () => {
  // Was: the work went on for as long as it took. Now: it has the task's time, and no more.
  it('ends with its task', async () => {
    const key = 'in/large.tiff';
    const slow = await noise(4000).tiff({ compression: 'jpeg', quality: 10 }).toBuffer();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: slow }));
    const performed = await performOnce(adjust, { bucket, key, hue: 90 }, { timeoutMs: 1000 });
    expect(performed).toMatchObject({ status: 'failed', retry: 'policy' });
    const stopsBy = Date.now() + 2500;
    while (sharp.counters().process > 0 && Date.now() < stopsBy) await pause(20);
    expect(sharp.counters()).toEqual({ queue: 0, process: 0 });
  });

  // Was: the watermark was drawn on a canvas as large as the image, 38 s for this one. Now: on one as large as the text.
  it('is no more for a watermark than for its letters', async () => {
    const key = 'in/wide.png';
    const wide = await plain(30_000, 400).png().toBuffer();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: wide }));
    const size = { width: 30_000, height: 400, bytes: wide.length, contentType: 'image/png' };
    const performed = await performOnce(watermark, { bucket, key, ...size });
    expect(performed).toMatchObject({
      status: 'completed',
      result: { width: 30_000, height: 400 },
    });
    const { key: made } = (performed as unknown as { result: ImageReference }).result;
    expect(made).toBe('orders/order-1/plugin.png');
  });
});
