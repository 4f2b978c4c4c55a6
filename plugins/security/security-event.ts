import * as z from 'zod';
import type { Assessment, Level } from './assessment.ts';
import { RESPONSES } from './assessment.ts';

/** How threatening each kind of alarm is when it is certain, from 0 to 1. */
const THREATS = {
  'camera-lost': 0.3,
  vandalism: 0.5,
  'door-forced': 0.7,
  intrusion: 0.9,
  fire: 1,
  duress: 1,
} as const;

const KINDS = Object.keys(THREATS) as [keyof typeof THREATS, ...(keyof typeof THREATS)[]];

/** An alarm at a site, as a sensor or a guard raises it. */
export const securityEventSchema = z.object({
  eventId: z.string().min(1),
  kind: z.enum(KINDS),
  site: z.string().min(1),
  zone: z.string().min(1).optional(),
  /** How sure the sensor is. */
  confidence: z.number().min(0).max(1).default(1),
  occurredAt: z.iso.datetime(),
});

export type SecurityEvent = z.output<typeof securityEventSchema>;

/** The threat that an alarm stands for: its kind, weighed with the sensor's confidence. */
export function assessSecurityEvent(event: SecurityEvent): Assessment & { threat: number } {
  const threat = Math.round(THREATS[event.kind] * event.confidence * 100) / 100;
  const level = levelOf(threat);
  const what = event.kind.replace('-', ' ');
  const where = event.zone === undefined ? event.site : `${event.site}, ${event.zone}`;
  return {
    eventId: event.eventId,
    level,
    headline: `${what.charAt(0).toUpperCase()}${what.slice(1)} at ${where}`,
    ...RESPONSES[level],
    occurredAt: event.occurredAt,
    threat,
  };
}

function levelOf(threat: number): Level {
  if (threat >= 0.8) return 'high';
  if (threat >= 0.5) return 'elevated';
  return threat >= 0.25 ? 'guarded' : 'low';
}
