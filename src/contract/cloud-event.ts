import { defined } from '../core/defined.ts';
import type { Instant } from '../core/json.ts';

/** The media type of an event in the structured mode. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export const CLOUD_EVENT = 'application/cloudevents+json';

/** A fact as it leaves the system: a CloudEvent 1.0. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export interface FactEvent {
  readonly specversion: '1.0';
  /** With `source` it identifies the fact, which may come twice. */
  readonly id: string;
  /** `urn:baton:<system>-<stage>` */
  readonly source: string;
  readonly type: string;
  /** What it is about: the id of an order, the name of a plugin. */
  readonly subject: string;
  /** When it was sent: a fact that comes again is younger. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: object;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** A fact, as far as its event needs to know it: all else is its data. */
interface Fact {
  readonly type: string;
  readonly orderId?: string;
  readonly plugin?: string;
  readonly entry?: number;
  readonly task?: string;
  /** The first characters of a token. */
  readonly prefix?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** The source of all facts of a system. */
export const sourceOf = (systemName: string): string => `urn:baton:${systemName}`;

/** The event that tells of a fact. An order's fact has the same id whenever it is told; that of others counts as a new one each time. */
export function cloudEventOf(fact: Fact, source: string, at: Instant): FactEvent {
  const { type, traceparent, tracestate, ...data } = fact;
  const subject = fact.orderId ?? fact.plugin ?? fact.prefix ?? type;
  const time = new Date(at).toISOString();
  const which = fact.entry === undefined ? [time] : [fact.entry, ...(fact.task ? [fact.task] : [])];
  return {
    specversion: '1.0',
    id: [subject, type, ...which].join('/'),
    ...{ source, type, subject, time },
    datacontenttype: 'application/json',
    data,
    ...defined({ traceparent, tracestate }),
  };
}
