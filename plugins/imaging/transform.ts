import type { Task } from 'batonflow/sdk';
import { PermanentError } from 'batonflow/sdk';
import type { Sharp } from 'sharp';
import sharp from 'sharp';
import type { ImageReference, StoredImage } from './image-reference.ts';
import { readImage, writeImage } from './image-store.ts';

/** What is written: a photo loses little at this quality, even over three plugins. */
const QUALITY = 90;

/** 50 megapixels are 200 MB when unpacked. */
const MAX_PIXELS = 50_000_000;

const FORMATS = {
  jpeg: { extension: 'jpg', contentType: 'image/jpeg' },
  png: { extension: 'png', contentType: 'image/png' },
  webp: { extension: 'webp', contentType: 'image/webp' },
} as const;
type Format = keyof typeof FORMATS;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads an image, changes it and writes it under the name of the task. JPEG, PNG and WebP stay what they are; any other
 * format becomes PNG.
 *
 * @param change what to do to the image, given its size
 * @param variant tells apart several images of one task
 * @throws {PermanentError} NOT_AN_IMAGE, and what reading throws
 */
export async function transform(
  source: StoredImage,
  change: (image: Sharp, size: Size) => Sharp,
  task: Task,
  variant?: string,
): Promise<ImageReference> {
  const original = await readImage(source, task);
  const { data, info, format } = await draw(original, change).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PermanentError('NOT_AN_IMAGE', `${source.key}: ${reason}`, { cause: error });
  });
  const { extension, contentType } = FORMATS[format];
  const stored = await writeImage({ data, extension, contentType }, task, variant);
  return { ...stored, width: info.width, height: info.height, bytes: data.length, contentType };
}

async function draw(original: Buffer, change: (image: Sharp, size: Size) => Sharp) {
  const image = sharp(original, { limitInputPixels: MAX_PIXELS }).autoOrient();
  const { autoOrient: size, format: given } = await image.metadata();
  const format: Format = given !== undefined && given in FORMATS ? (given as Format) : 'png';
  const drawn = change(image, size).toFormat(format, format === 'png' ? {} : { quality: QUALITY });
  return { ...(await drawn.toBuffer({ resolveWithObject: true })), format };
}
