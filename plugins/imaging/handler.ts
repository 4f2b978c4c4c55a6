import { definePlugin } from 'batonflow/sdk';
import * as z from 'zod';
import { adjustmentSchema, readAdjustment } from './adjustment.ts';
import type { ImageReference } from './image-reference.ts';
import { imageReferenceSchema, storedImageSchema } from './image-reference.ts';
import { transform } from './transform.ts';
import { watermarkOf } from './watermark.ts';

/** What a client's order brings: an image, and perhaps how to adjust it. */
const orderedImageSchema = storedImageSchema.extend(adjustmentSchema.partial().shape);

/** Adjusts colour and brightness. */
export const adjust = definePlugin(
  (input, task) => {
    const adjustment = readAdjustment(input, task.attributes);
    return transform(input, (image) => image.modulate(adjustment), task);
  },
  { input: orderedImageSchema },
);

/** A plugin that makes images of at most so many pixels width; smaller ones keep their size. */
const resizeTo = (width: number) =>
  definePlugin(
    (input, task) =>
      transform(input, (image) => image.resize({ width, withoutEnlargement: true }), task),
    { input: storedImageSchema },
  );

export const resizeLow = resizeTo(320);
export const resizeMid = resizeTo(800);
export const resizeHigh = resizeTo(1600);

/** One image, or several by name as the parallel stage before hands them on. */
const imagesSchema = z.union([
  imageReferenceSchema,
  z.record(z.string().regex(/^[\w#-]+$/), imageReferenceSchema),
]);

/** Writes the order's attribute `watermark` on each image; without the attribute, `BATON`. */
export const watermark = definePlugin(
  async (input, task): Promise<ImageReference | Record<string, ImageReference>> => {
    const text = String(task.attributes.watermark ?? 'Baton');
    const mark = (source: ImageReference, variant?: string) =>
      transform(
        source,
        (image, size) => {
          const written = watermarkOf(text, size);
          if (written === undefined) return image;
          const { svg: input, left, top } = written;
          return image.composite([{ input, left, top }]);
        },
        task,
        variant,
      );
    if (isReference(input)) return mark(input);
    const marked = Object.entries(input).map(
      async ([name, source]) => [name, await mark(source, name)] as const,
    );
    return Object.fromEntries(await Promise.all(marked));
  },
  { input: imagesSchema },
);

function isReference(input: z.output<typeof imagesSchema>): input is ImageReference {
  return typeof input.key === 'string';
}
