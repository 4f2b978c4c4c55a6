import * as z from 'zod';

/** An image in a bucket, as a client's order brings it: images never travel in messages. */
export const storedImageSchema = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
});
export type StoredImage = z.output<typeof storedImageSchema>;

/** An image that a plugin has made. */
export const imageReferenceSchema = storedImageSchema.extend({
  /** Pixels. */
  width: z.int().positive(),
  /** Pixels. */
  height: z.int().positive(),
  bytes: z.int().positive(),
  contentType: z.string(),
});
export type ImageReference = z.output<typeof imageReferenceSchema>;
