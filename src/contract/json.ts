import * as z from 'zod';
import type { Attributes } from '../core/order.ts';

/** Names of workflows, activities, clients: letters, digits, `-` and `_`, beginning with a letter. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    'a name has 1 to 64 letters, digits, "-" or "_", and begins with a letter',
  )
  .meta({
    id: 'Name',
    description: '1 to 64 letters, digits, `-` or `_`; it begins with a letter',
  });

/** Plugins name SQS queues of at most 80 characters, prefix and suffix included, hence the 40. */
export const pluginNameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
    'a plugin name has 1 to 40 letters, digits, "-" or "_", and begins with a letter',
  )
  .meta({
    id: 'PluginName',
    description: '1 to 40 letters, digits, `-` or `_`; it begins with a letter',
  });

/** At most 50 attributes; a value is a string, a number, a boolean or a list of strings. */
export const attributesSchema: z.ZodType<Attributes> = z
  .record(
    z.string().min(1).max(100),
    z.union(
      [z.string().max(1024), z.number(), z.boolean(), z.array(z.string().max(256)).max(50)],
      'an attribute is a string, a number, a boolean or a list of strings',
    ),
  )
  .refine((attributes) => Object.keys(attributes).length <= 50, 'at most 50 attributes')
  .meta({
    id: 'Attributes',
    description: 'what filters and conditions look at; at most 50',
    maxProperties: 50,
  });
