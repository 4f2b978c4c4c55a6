import type { Task } from 'batonflow/sdk';
import { PermanentError } from 'batonflow/sdk';
import * as z from 'zod';

/** How an image is adjusted. */
export const adjustmentSchema = z.object({
  /** A factor: 1 leaves the image as bright as it is. */
  brightness: z.number().min(0.1).max(10),
  /** A factor: 0 takes all colour out, 1 leaves it as it is. */
  saturation: z.number().min(0).max(10),
  /** Degrees on the colour wheel. */
  hue: z.int().min(-360).max(360),
});
export type Adjustment = z.output<typeof adjustmentSchema>;

const DEFAULT_ADJUSTMENT: Adjustment = { brightness: 1.05, saturation: 1.1, hue: 0 };

/**
 * The order's input says it, or else its attributes do, or else the defaults.
 * @throws {PermanentError} INVALID_ADJUSTMENT that names what is wrong
 */
export function readAdjustment(input: object, attributes: Task['attributes']): Adjustment {
  const parsed = adjustmentSchema.safeParse({ ...DEFAULT_ADJUSTMENT, ...attributes, ...input });
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new PermanentError('INVALID_ADJUSTMENT', reasons.join('; '));
}
