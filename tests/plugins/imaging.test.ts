import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import * as plugins from '../../plugins/imaging/handler.ts';
import type { ImageReference } from '../../plugins/imaging/image-reference.ts';
import type { Json } from '../../src/sdk/index.ts';
import type { PerformedTask, TaskSetting } from '../../src/sdk/testing.ts';
import { performOnce } from '../../src/sdk/testing.ts';
import { bucket, openImageBucket } from './image-bucket.ts';

let s3: S3Client;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ s3, close } = await openImageBucket());
});
afterAll(() => close());

/** A client's image: all of one colour. */
async function put(key: string, width: number, height: number, format: 'png' | 'jpeg' | 'gif') {
  const background = { r: 120, g: 60, b: 60 };
  const image = sharp({ create: { width, height, channels: 3, background } }).toFormat(format);
  const data = await image.toBuffer();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: data }));
  return { bucket, key, contentType: `image/${format}`, bytes: data.length };
}

async function read({ bucket: Bucket, key: Key }: ImageReference): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

async function pixel(image: Buffer, left: number, top: number): Promise<number[]> {
  const one = sharp(image).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw();
  return [...(await one.toBuffer())];
}

function resultOf(performed: PerformedTask): Json {
  if (performed.status === 'completed') return performed.result;
  throw new Error(JSON.stringify(performed));
}

const imageOf = (performed: PerformedTask) => resultOf(performed) as unknown as ImageReference;
const adjust = (input: unknown, setting: TaskSetting = {}) =>
  performOnce(plugins.adjust, input, { orderId: 'o-1', job: 'adjust', ...setting });

describe('adjust', () => {
  it('makes the image brighter and its colours stronger by default', async () => {
    const image = imageOf(await adjust(await put('in/default.png', 40, 30, 'png')));
    expect(image).toMatchObject({
      bucket,
      key: 'orders/o-1/adjust.png',
      width: 40,
      height: 30,
      contentType: 'image/png',
    });
    const data = await read(image);
    expect(data.length).toBe(image.bytes);
    const [red = 0, green = 0] = await pixel(data, 5, 5);
    expect(red).toBeGreaterThan(120);
    expect(red - green).toBeGreaterThan(60);
  });

  it('follows the attributes of the order, and before them its input', async () => {
    const source = await put('in/dark.png', 10, 10, 'png');
    const attributes = { brightness: 0.5, saturation: 0, severity: 'low' };
    const dark = await pixel(await read(imageOf(await adjust(source, { attributes }))), 5, 5);
    expect(new Set(dark).size).toBe(1);
    expect(dark[0]).toBeLessThan(60);
    const neutral = { ...source, brightness: 1, saturation: 1 };
    const same = await pixel(await read(imageOf(await adjust(neutral, { attributes }))), 5, 5);
    expect(same).toEqual([120, 60, 60]);
  });

  it('writes the same object when the task comes again', async () => {
    const source = await put('in/twice.jpg', 40, 30, 'jpeg');
    const once = await adjust(source, { orderId: 'o-2' });
    const twice = await adjust(source, { orderId: 'o-2', attempt: 2 });
    expect(resultOf(twice)).toEqual(resultOf(once));
    expect(imageOf(once)).toMatchObject({
      key: 'orders/o-2/adjust.jpg',
      contentType: 'image/jpeg',
    });
  });

  it('turns what is no JPEG, PNG or WebP into PNG', async () => {
    const image = imageOf(await adjust(await put('in/moving.gif', 8, 8, 'gif')));
    expect((await sharp(await read(image)).metadata()).format).toBe('png');
  });

  it.each([
    ['an image that is not there', { key: 'in/none.png' }, 'IMAGE_NOT_FOUND'],
    ['a file that is no image', { key: 'in/text.txt' }, 'NOT_AN_IMAGE'],
    ['an adjustment out of range', { key: 'in/default.png', brightness: 99 }, 'INVALID_INPUT'],
    ['an input without a key', {}, 'INVALID_INPUT'],
  ])('refuses %s for good', async (_, input, code) => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'in/text.txt', Body: 'hello' }));
    expect(await adjust({ bucket, ...input })).toMatchObject({ retry: 'never', error: { code } });
  });

  it('refuses an attribute of the wrong type for good, naming it', async () => {
    const source = await put('in/wrong.png', 8, 8, 'png');
    expect(await adjust(source, { attributes: { brightness: 'very' } })).toMatchObject({
      retry: 'never',
      error: { code: 'INVALID_ADJUSTMENT', message: expect.stringContaining('brightness: ') },
    });
  });
});

describe('resize', () => {
  it.each([
    ['resize-low', plugins.resizeLow, 320, 200],
    ['resize-mid', plugins.resizeMid, 800, 500],
    ['resize-high', plugins.resizeHigh, 1600, 1000],
  ])('%s makes an image of its width, in proportion', async (job, plugin, width, height) => {
    const source = await put('in/large.jpg', 2000, 1250, 'jpeg');
    const image = imageOf(await performOnce(plugin, source, { orderId: 'o-1', job }));
    expect(image).toMatchObject({ key: `orders/o-1/${job}.jpg`, width, height });
    expect(await sharp(await read(image)).metadata()).toMatchObject({ width, height });
  });

  it('does not enlarge', async () => {
    const source = await put('in/small.jpg', 100, 50, 'jpeg');
    expect(imageOf(await performOnce(plugins.resizeMid, source))).toMatchObject({
      width: 100,
      height: 50,
    });
  });

  it('turns a photo upright first', async () => {
    const background = { r: 9, g: 9, b: 9 };
    const sideways = await sharp({
      create: { width: 1000, height: 500, channels: 3, background },
    })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const key = 'in/sideways.jpg';
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: sideways }));
    expect(imageOf(await performOnce(plugins.resizeLow, { bucket, key }))).toMatchObject({
      width: 320,
      height: 640,
    });
  });
});

describe('watermark', () => {
  const reference = async (key: string, width: number, height: number) => ({
    ...(await put(key, width, height, 'png')),
    width,
    height,
  });

  it('marks each size of an image, and only its lower right', async () => {
    const sizes = {
      'resize-low': await reference('in/low.png', 320, 200),
      'resize-mid': await reference('in/mid.png', 800, 500),
    };
    const setting = { orderId: 'o-1', job: 'watermark', attributes: { watermark: 'Énigme/1' } };
    const marked = resultOf(await performOnce(plugins.watermark, sizes, setting)) as unknown as {
      [size: string]: ImageReference;
    };
    expect(Object.keys(marked)).toEqual(['resize-low', 'resize-mid']);
    for (const [size, image] of Object.entries(marked)) {
      expect(image.key).toBe(`orders/o-1/watermark/${size}.png`);
      const data = await read(image);
      const { width, height } = image;
      const corner = { left: width / 2, top: height * 0.7, width: width / 2, height: height * 0.3 };
      const brightest = (await sharp(data).extract(corner).stats()).channels[0]?.max;
      expect(brightest).toBeGreaterThan(200);
      expect(await pixel(data, 2, 2)).toEqual([120, 60, 60]);
    }
  });

  it('marks a single image, however small', async () => {
    const tiny = await reference('in/tiny.png', 3, 2);
    expect(imageOf(await performOnce(plugins.watermark, tiny))).toMatchObject({
      width: 3,
      height: 2,
    });
  });

  it('keeps the image when there is nothing to write', async () => {
    const plain = await reference('in/plain.png', 40, 30);
    const performed = await performOnce(plugins.watermark, plain, {
      attributes: { watermark: '' },
    });
    expect(await pixel(await read(imageOf(performed)), 30, 25)).toEqual([120, 60, 60]);
  });
});
