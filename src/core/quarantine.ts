/**
 * A plugin that keeps failing is held back: its tasks are parked, one canary at a time is let through to it, and when one of them
 * works it reopens, in waves. One that a person drains finishes what it has, and reopens in the same way. This file says what becomes of a plugin's quarantine; what becomes of its tasks is in parking.ts, and
 * when a plugin has failed too often in failure-window.ts. docs/failure.md tells the whole.
 */
import type { Instant } from './json.ts';
import { millisecondsOf } from './json.ts';

/** When a plugin is held back, as it declares. */
export interface QuarantineRule {
  /** The share of its latest attempts that must have failed. Default 0.5. */
  readonly failureRatio: number;
  /** Attempts that ended longer ago count no more. Default 300. */
  readonly windowSeconds: number;
  /** How many orders must be among those that failed: one bad order closes nothing. Default 5. */
  readonly minimumOrders: number;
  /** The first canary goes after this long; each one that fails doubles it, up to five minutes. Default 10. */
  readonly canaryAfterSeconds: number;
  /** Registered for the first time, it is held back until a canary has worked. Default: it begins open. */
  readonly beginsWithCanary?: true;
}

export const DEFAULT_RULE: QuarantineRule = {
  failureRatio: 0.5,
  windowSeconds: 300,
  minimumOrders: 5,
  canaryAfterSeconds: 10,
};

interface AboutQuarantine {
  readonly plugin: string;
  /** When it came into this phase. */
  readonly since: Instant;
  /** For people. */
  readonly reason: string;
  /** Who did it, where a person did. */
  readonly actor?: string;
}

/** Its tasks are parked. */
export interface ClosedPlugin extends AboutQuarantine {
  readonly phase: 'closed';
  /** Canaries that have failed since it was closed. */
  readonly failedCanaries: number;
  /** When the next canary may go. Absent: a person closed it, and a person reopens it. */
  readonly canaryAt?: Instant;
  /** It has never worked, and not failed either: nobody need be alarmed. */
  readonly isNew?: true;
}

/** What it has had it gets again and finishes; its new tasks are parked. A person has asked for it, and a person reopens it. */
export interface DrainingPlugin extends AboutQuarantine {
  readonly phase: 'draining';
}

/** It gets no new tasks. */
export type HeldPlugin = ClosedPlugin | DrainingPlugin;

/** It takes new tasks again; those that were parked are sent in waves. */
export interface ReopeningPlugin extends AboutQuarantine {
  readonly phase: 'reopening';
  /** How many tasks may wait in its queue before the next wave is cut short. */
  readonly wave: number;
  readonly waveAt: Instant;
  /** Nothing was parked any more then. If that is still so a while later, the quarantine is over. */
  readonly emptySince?: Instant;
}

/** The quarantine of one plugin; a plugin without one is open. */
export type Quarantine = HeldPlugin | ReopeningPlugin;

export function isHeldBack(quarantine: Quarantine | undefined): quarantine is HeldPlugin {
  return quarantine?.phase === 'closed' || quarantine?.phase === 'draining';
}

/** Whether a person holds it back, and no canary goes to it until a person reopens it. */
export function isByHand(held: HeldPlugin): boolean {
  return !('canaryAt' in held);
}

/** Canaries go no more seldom than this. Milliseconds. */
const LONGEST_CANARY_PAUSE_MS = 300_000;

/** The pause between two waves. Milliseconds. */
const WAVE_EVERY_MS = 10_000;

/** No wave is larger: it has to be sent within one run of a function. */
const LARGEST_WAVE = 2000;

/**
 * A quarantine is over when nothing is found parked twice, this far apart. Whoever parks an order looks at the quarantine afterwards,
 * so that between the two looks it is seen. Milliseconds.
 */
export const SETTLES_AFTER_MS = 60_000;

/** The plugin held back until a canary works. */
export function closed(
  plugin: string,
  reason: string,
  rule: QuarantineRule,
  at: Instant,
): ClosedPlugin {
  const canaryAt = at + canaryPauseMs(0, rule);
  return { plugin, phase: 'closed', since: at, reason, failedCanaries: 0, canaryAt };
}

/** The new plugin held back until a canary works; the first one may go at once. */
export function beginning(plugin: string, at: Instant): ClosedPlugin {
  const reason = 'it is new, and begins with a canary';
  return {
    ...{ plugin, phase: 'closed', since: at, reason },
    ...{ failedCanaries: 0, canaryAt: at, isNew: true },
  };
}

/** The plugin held back until a person reopens it. */
export function closedByHand(plugin: string, reason: string, at: Instant): ClosedPlugin {
  return { plugin, phase: 'closed', since: at, reason, failedCanaries: 0 };
}

/** The plugin with nothing new to do until a person reopens it. */
export function draining(plugin: string, reason: string, at: Instant): DrainingPlugin {
  return { plugin, phase: 'draining', since: at, reason };
}

/** The quarantine with its canary on the way; `undefined` while none may go. Should it never answer, another one follows. */
export function canarySent(
  quarantine: ClosedPlugin,
  rule: QuarantineRule,
  at: Instant,
): ClosedPlugin | undefined {
  const { canaryAt, failedCanaries } = quarantine;
  if (canaryAt === undefined || canaryAt > at) return undefined;
  return { ...quarantine, canaryAt: at + canaryPauseMs(failedCanaries + 1, rule) };
}

/** The quarantine after a canary has failed. */
export function canaryFailed(
  quarantine: ClosedPlugin,
  rule: QuarantineRule,
  at: Instant,
): ClosedPlugin {
  if (quarantine.canaryAt === undefined) return quarantine;
  const { isNew: _, ...known } = quarantine;
  const failedCanaries = quarantine.failedCanaries + 1;
  return { ...known, failedCanaries, canaryAt: at + canaryPauseMs(failedCanaries, rule) };
}

function canaryPauseMs(failedCanaries: number, { canaryAfterSeconds }: QuarantineRule): number {
  const pauseMs = millisecondsOf(canaryAfterSeconds) * 2 ** failedCanaries;
  return Math.min(pauseMs, Math.max(LONGEST_CANARY_PAUSE_MS, millisecondsOf(canaryAfterSeconds)));
}

/** How many tasks the first wave has: two for each instance with which the plugin begins; ten, if nothing is known of it. */
export function firstWave(instances = 5): number {
  return 2 * instances;
}

/** @param wave see {@link firstWave} */
export function reopened(
  plugin: string,
  reason: string,
  wave: number,
  at: Instant,
): ReopeningPlugin {
  return { plugin, phase: 'reopening', since: at, reason, wave, waveAt: at };
}

/**
 * How many parked tasks may be sent now: what is queued already counts, so that a plugin that does not keep up gets no more. What is queued
 * of an ordered plugin may all stand in one line, behind a task that is tried again and again: one task goes all the same, for the other lines.
 */
export function waveOf(
  { wave, waveAt }: ReopeningPlugin,
  { queued, ordered }: { readonly queued: number; readonly ordered: boolean },
  at: Instant,
): number {
  return waveAt > at ? 0 : Math.max(ordered ? 1 : 0, wave - queued);
}

/** The quarantine with a wave of so many on the way. The next one is twice as large if the plugin had finished the last one. */
export function waveSent(quarantine: ReopeningPlugin, sent: number, at: Instant): ReopeningPlugin {
  const { emptySince: _, wave, ...rest } = quarantine;
  const hasKeptUp = sent > wave / 2;
  const next = hasKeptUp ? Math.max(wave, Math.min(2 * wave, LARGEST_WAVE)) : wave;
  return { ...rest, wave: next, waveAt: at + WAVE_EVERY_MS };
}

/** The quarantine after nothing was found parked; `over` when it was so before, long enough ago. */
export function foundEmpty(
  quarantine: ReopeningPlugin,
  at: Instant,
): ReopeningPlugin | 'over' | undefined {
  const { emptySince } = quarantine;
  if (emptySince === undefined) return { ...quarantine, emptySince: at, waveAt: at };
  return at - emptySince >= SETTLES_AFTER_MS ? 'over' : undefined;
}
