import * as z from 'zod';
import type { Assessment, Level } from './assessment.ts';
import { RESPONSES } from './assessment.ts';

const LEVEL_OF_STATUS = {
  available: 'low',
  'en-route': 'low',
  'on-scene': 'guarded',
  silent: 'elevated',
  panic: 'high',
} as const satisfies Record<string, Level>;

const STATUSES = Object.keys(LEVEL_OF_STATUS) as [
  keyof typeof LEVEL_OF_STATUS,
  ...(keyof typeof LEVEL_OF_STATUS)[],
];

const positionSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
type Position = z.output<typeof positionSchema>;

/** A patrol, a police car or a device tells where it is and how it is. */
export const unitEventSchema = z.object({
  eventId: z.string().min(1),
  unitId: z.string().min(1),
  kind: z.enum(['patrol', 'police', 'device']),
  status: z.enum(STATUSES),
  position: positionSchema,
  batteryPercent: z.number().min(0).max(100).optional(),
  occurredAt: z.iso.datetime(),
});

export type UnitEvent = z.output<typeof unitEventSchema>;

/** Below this a device soon falls silent. */
const LOW_BATTERY_PERCENT = 15;

/** The sites that are guarded. */
const SITES: Readonly<Record<string, Position>> = {
  harbour: { latitude: 53.5461, longitude: 9.9661 },
  airport: { latitude: 53.6304, longitude: 9.9882 },
  'city-hall': { latitude: 53.5503, longitude: 9.9928 },
};

/** What a unit's report amounts to, and the guarded site that it is nearest to. */
export function assessUnitEvent(
  event: UnitEvent,
): Assessment & { unitId: string; nearestSite: string; distanceMetres: number } {
  const { site, metres } = nearestSite(event.position);
  const flat = (event.batteryPercent ?? 100) < LOW_BATTERY_PERCENT;
  const ofStatus = LEVEL_OF_STATUS[event.status];
  const level = flat && ofStatus === 'low' ? 'guarded' : ofStatus;
  const battery = flat ? `, battery at ${event.batteryPercent} %` : '';
  return {
    eventId: event.eventId,
    level,
    headline: `${event.unitId} is ${event.status.replace('-', ' ')}, ${metres} m from ${site}${battery}`,
    ...RESPONSES[level],
    occurredAt: event.occurredAt,
    unitId: event.unitId,
    nearestSite: site,
    distanceMetres: metres,
  };
}

function nearestSite(from: Position): { site: string; metres: number } {
  const distances = Object.entries(SITES).map(([site, position]) => ({
    site,
    metres: metresBetween(from, position),
  }));
  return distances.reduce((nearest, one) => (one.metres < nearest.metres ? one : nearest));
}

/** Along the surface of the earth, by the haversine formula. */
function metresBetween(from: Position, to: Position): number {
  const earthRadiusMetres = 6_371_000;
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const dLatitude = radians(to.latitude - from.latitude);
  const dLongitude = radians(to.longitude - from.longitude);
  const h =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      Math.sin(dLongitude / 2) ** 2;
  return Math.round(2 * earthRadiusMetres * Math.asin(Math.sqrt(h)));
}
