import { describe, expect, it } from '@jest/globals';
import type { Quarantine } from '../../src/core/quarantine.ts';
import {
  beginning,
  canaryFailed,
  canarySent,
  closed,
  closedByHand,
  DEFAULT_RULE,
  firstWave,
  foundEmpty,
  reopened,
  SETTLES_AFTER_MS,
  waveOf,
  waveSent,
} from '../../src/core/quarantine.ts';
import { seconds } from './vocabulary.ts';

const rule = DEFAULT_RULE;

const queued = (count: number) => ({ queued: count, ordered: false });

describe('a quarantine', () => {
  it('sends its first canary after a while, and each time that one fails waits twice as long, up to five minutes', () => {
    let quarantine = closed('A', 'it fails', rule, 0);
    expect(canarySent(quarantine, rule, seconds(9))).toBeUndefined();
    const pauses: number[] = [];
    for (let at = quarantine.canaryAt ?? 0; pauses.length < 8; at = quarantine.canaryAt ?? 0) {
      const sent = canarySent(quarantine, rule, at);
      quarantine = canaryFailed(sent ?? quarantine, rule, at);
      pauses.push(((quarantine.canaryAt ?? 0) - at) / 1000);
    }
    expect(pauses).toEqual([20, 40, 80, 160, 300, 300, 300, 300]);
  });

  it('sends another canary when one never answers', () => {
    const sent = canarySent(closed('A', 'it fails', rule, 0), rule, seconds(10));
    expect(sent?.canaryAt).toBe(seconds(30));
    expect(sent && canarySent(sent, rule, seconds(29))).toBeUndefined();
    expect(sent && canarySent(sent, rule, seconds(30))).toBeDefined();
  });

  it('that a person began sends no canary', () => {
    const quarantine = closedByHand('A', 'we look into it', 0);
    expect(canarySent(quarantine, rule, seconds(86_400))).toBeUndefined();
    expect(canaryFailed(quarantine, rule, seconds(1))).toEqual(quarantine);
    expect(quarantine).toEqual({
      ...{ plugin: 'A', phase: 'closed', since: 0, reason: 'we look into it', failedCanaries: 0 },
    });
  });

  it('of a plugin that begins with a canary sends it at once, and says that the plugin is new until it fails', () => {
    const quarantine = beginning('A', seconds(1));
    expect(quarantine).toEqual({
      ...{ plugin: 'A', phase: 'closed', since: seconds(1), isNew: true },
      ...{ failedCanaries: 0, canaryAt: seconds(1), reason: 'it is new, and begins with a canary' },
    });
    expect(canarySent(quarantine, rule, seconds(1))).toMatchObject({ isNew: true });
    expect(canaryFailed(quarantine, rule, seconds(2))).not.toHaveProperty('isNew');
  });

  it.each([
    [1, 2],
    [50, 100],
    [undefined, 10],
  ])('of a plugin that begins with %s instances ends with a wave of %s', (instances, wave) => {
    expect(firstWave(instances)).toBe(wave);
  });

  it('ends in waves that double while the plugin keeps up', () => {
    let quarantine = reopened('A', 'a canary worked', 10, 0);
    const waves = [0, 10, 20, 30].map((at) => {
      const size = waveOf(quarantine, queued(0), seconds(at));
      quarantine = waveSent(quarantine, size, seconds(at));
      return size;
    });
    expect(waves).toEqual([10, 20, 40, 80]);
  });

  it('sends no more than the plugin has finished of the last waves, and then no larger ones', () => {
    const quarantine = reopened('A', 'a canary worked', 10, 0);
    expect(quarantine.phase).toBe('reopening');
    expect(waveOf(quarantine, queued(10), 0)).toBe(0);
    expect(waveOf(quarantine, queued(7), 0)).toBe(3);
    expect(waveSent(quarantine, 3, 0)).toMatchObject({ wave: 10, waveAt: seconds(10) });
    expect(waveSent(quarantine, 5, 0).wave).toBe(10);
    expect(waveSent(quarantine, 6, 0).wave).toBe(20);
    expect(waveOf(waveSent(quarantine, 3, 0), queued(0), seconds(9))).toBe(0);
  });

  it('of an ordered plugin sends one task with each wave, although one of its lines may hold all that is queued', () => {
    const quarantine = reopened('A', 'a canary worked', 10, 0);
    const load = { queued: 50, ordered: true };
    expect(waveOf(quarantine, load, 0)).toBe(1);
    expect(waveOf(quarantine, { ...load, queued: 7 }, 0)).toBe(3);
    expect(waveOf(waveSent(quarantine, 1, 0), load, seconds(9))).toBe(0);
    expect(waveOf(waveSent(quarantine, 1, 0), load, seconds(10))).toBe(1);
  });

  it('is over when nothing is found parked twice, a minute apart', () => {
    const quarantine = reopened('A', 'a canary worked', 10, 0);
    const since = seconds(100);
    const once = foundEmpty(quarantine, since) as Quarantine & { phase: 'reopening' };
    expect(once).toMatchObject({ emptySince: since });
    expect(foundEmpty(once, since + SETTLES_AFTER_MS - 1)).toBeUndefined();
    expect(foundEmpty(once, since + SETTLES_AFTER_MS)).toBe('over');
    expect(waveSent(once, 1, 0)).not.toHaveProperty('emptySince');
  });
});
