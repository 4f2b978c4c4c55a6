import type { Task } from 'batonflow/sdk';
import { PermanentError } from 'batonflow/sdk';
import type { Sharp, SharpOptions } from 'sharp';
import sharp from 'sharp';
import { checkFormat } from './image-format.ts';
import type { ImageReference, StoredImage } from './image-reference.ts';
import { readImage, writeImage } from './image-store.ts';

/** What is written: a photo loses little at this quality, even over three plugins. */
const QUALITY = 90;

/** 50 megapixels are 200 MB when unpacked. */
const MAX_PIXELS = 50_000_000;

/** The longest that an honest image takes, with a good deal to spare. A task that has less time gives sharp no more than that. */
const MAX_PROCESSING_SECONDS = 30;

/**
 * An image with a mistake in it that still shows is taken; one that is cut off, or cannot be decoded, is not. Of a file that holds several
 * images (an animation, pages), the first is read.
 */
const READING: SharpOptions = { failOn: 'error', pages: 1, sequentialRead: true };

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
 * format becomes PNG. Of an animation or a file of several pages, the first image is read.
 *
 * @param change what to do to the image, given its size
 * @param variant tells apart several images of one task
 * @throws {PermanentError} NOT_AN_IMAGE, UNSUPPORTED_FORMAT, TOO_MANY_PIXELS, CORRUPT_IMAGE, and what reading throws
 * @throws {ProcessingTimedOut} which is tried again: a machine that is busy is slow
 */
export async function transform(
  source: StoredImage,
  change: (image: Sharp, size: Size) => Sharp,
  task: Task,
  variant?: string,
): Promise<ImageReference> {
  const original = await readImage(source, task);
  checkFormat(original, source.key);
  const { size, format } = await inspect(original, source.key);
  const { data, info } = await draw(original, (image) => change(image, size), format, task).catch(
    (error: unknown) => {
      throw isTimeout(error) ? new ProcessingTimedOut(source.key) : corrupt(source.key, error);
    },
  );
  const { extension, contentType } = FORMATS[format];
  const stored = await writeImage({ data, extension, contentType }, task, variant);
  return { ...stored, width: info.width, height: info.height, bytes: data.length, contentType };
}

/** Work on an image was stopped, so that it does not go on when its task is over. */
class ProcessingTimedOut extends Error {
  readonly code = 'PROCESSING_TIMED_OUT';
  constructor(key: string) {
    super(`${key}: the image was not ready in time`);
  }
}

/** What the image's header says; nothing is decoded. */
async function inspect(original: Buffer, key: string): Promise<{ size: Size; format: Format }> {
  const image = sharp(original, { ...READING, limitInputPixels: false });
  const metadata = await image.metadata().catch((error: unknown) => {
    throw corrupt(key, error);
  });
  const { width, height } = metadata;
  if (width * height > MAX_PIXELS) {
    const message = `${key} has ${width} x ${height} pixels; at most ${MAX_PIXELS} are read`;
    throw new PermanentError('TOO_MANY_PIXELS', message);
  }
  const { autoOrient: size, format: given } = metadata;
  return { size, format: given in FORMATS ? (given as Format) : 'png' };
}

async function draw(original: Buffer, change: (image: Sharp) => Sharp, format: Format, task: Task) {
  const remainingSeconds = Math.ceil(task.remainingMs() / 1000);
  const seconds = Math.max(1, Math.min(MAX_PROCESSING_SECONDS, remainingSeconds));
  const image = sharp(original, { ...READING, limitInputPixels: MAX_PIXELS });
  return change(image.autoOrient())
    .toFormat(format, format === 'png' ? {} : { quality: QUALITY })
    .timeout({ seconds })
    .toBuffer({ resolveWithObject: true });
}

/** libvips has one word for it: "timeout: 42% complete". */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout');
}

function corrupt(key: string, cause: unknown): PermanentError {
  const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new PermanentError('CORRUPT_IMAGE', `${key}: ${reason}`, { cause });
}
