import * as z from 'zod';
import { defined } from '../core/defined.ts';
import type { Json } from '../core/json.ts';
import { jsonSchema } from './json-value.ts';
import { eventRequestSchema } from './order-request.ts';

const TEXT = z.string().min(1).max(1024);
const text = (description: string) => TEXT.meta({ description });
const textOrNull = (description: string) => TEXT.nullish().meta({ description });

/** Extension attributes have such names. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#naming-conventions */
const EXTENSION = /^[a-z0-9]+$/;

/** Not the order's attributes: what the event is made of, and what is said elsewhere. */
const APART = new Set([
  ...['specversion', 'type', 'data', 'datacontenttype', 'traceparent', 'tracestate'],
]);

/**
 * A CloudEvent 1.0 whose data is JSON, as `POST /events` takes it in the structured mode. An attribute that is null counts as one that is not
 * there.
 */
export const cloudEventSchema = z
  .object({
    specversion: z.literal('1.0').meta({ description: 'of CloudEvents' }),
    id: text('with `source` it identifies the event: one that comes twice starts nothing twice'),
    source: text('where it happened, as a URI or a part of one'),
    type: eventRequestSchema.shape.type,
    subject: textOrNull('what it is about: the key under which orders wait for it'),
    time: z.iso.datetime({ offset: true }).nullish().meta({ description: 'when it happened' }),
    datacontenttype: z
      .string()
      .regex(/^(application\/json|[\w.+-]+\/[\w.-]+\+json) *(;.*)?$/i, 'the data is JSON')
      .nullish()
      .meta({ description: 'a type of JSON. Default: application/json' }),
    dataschema: textOrNull("the data's schema, which is not looked at"),
    data: z.optional(jsonSchema),
  })
  .catchall(z.union([z.string().max(1024), z.number(), z.boolean(), z.null()]))
  .superRefine((event, context) => {
    if ('data_base64' in event) {
      const message = 'the data is JSON, and stands in `data`';
      context.addIssue({ code: 'custom', path: ['data_base64'], message });
    }
    for (const name of Object.keys(event)) {
      if (name === 'data_base64' || EXTENSION.test(name)) continue;
      const message = 'the name of an attribute has small letters and digits only';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .meta({ id: 'CloudEvent', propertyNames: { pattern: EXTENSION.source } });

export type CloudEvent = z.output<typeof cloudEventSchema>;

/** The event in Baton's own words. All else that the CloudEvent says of itself are attributes of the orders that it starts. */
export function eventRequestOf(event: CloudEvent): Json {
  const { type, subject, data = null } = event;
  const attributes = Object.fromEntries(
    Object.entries(event).filter(([name, value]) => value !== null && !APART.has(name)),
  );
  return { type, ...defined({ key: subject ?? undefined }), data, attributes } as Json;
}

/** What makes a CloudEvent one and the same, however often it comes. */
export const keyOfCloudEvent = ({ source, id }: CloudEvent): string => `cloudevent ${source} ${id}`;
