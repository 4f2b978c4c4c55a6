import { describe, expect, it } from '@jest/globals';
import { createWorld, T0 } from './plugins-world.ts';

const AWAITED = { type: 'plugin.awaited', data: { plugin: 'A' } };

/** A plugin that is switched off after ten idle minutes; it was registered an hour ago. */
const sleepy = { name: 'A', switchOffAfterIdleSeconds: 600 };

describe('a plugin that has been idle for as long as it allows', () => {
  it('is switched off, once', async () => {
    const world = createWorld(sleepy);
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: false });
    expect(await world.registration('A')).toMatchObject({ switchedOff: true });
    await world.minute();
    expect(world.calls).toEqual(['working A', 'look at A', 'disable A']);
  });

  it.each([
    ['has worked in the meantime', { working: true }],
    ['has a task queued', { queued: 1, inFlight: 1 }],
    ['has a task in flight', { inFlight: 1 }],
  ])('stays on when it %s', async (_, surroundings) => {
    const world = createWorld(sleepy);
    world.around('A', surroundings);
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: true });
  });

  it('stays on when it allows nothing of the kind, and costs no call', async () => {
    const world = createWorld({ name: 'A' });
    await world.minute();
    expect(world.calls).toEqual([]);
  });

  it('stays on when it was registered later than that', async () => {
    const world = createWorld({ ...sleepy, registeredAt: T0 - 60_000 });
    await world.minute();
    expect(world.calls).toEqual([]);
  });

  it('is tried again when its mapping is in the middle of another change', async () => {
    const world = createWorld(sleepy);
    world.around('A', { changing: 1 });
    await world.minute();
    expect(await world.registration('A')).not.toHaveProperty('switchedOff');
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: false });
  });
});

describe('a task for a plugin that is switched off', () => {
  it('switches it on', async () => {
    const world = createWorld(sleepy);
    await world.minute();
    await world.hear(AWAITED);
    expect(world.mapping('A')).toMatchObject({ enabled: true });
    expect(await world.registration('A')).not.toHaveProperty('switchedOff');
  });

  it('calls Lambda no more when it is not the first', async () => {
    const world = createWorld(sleepy);
    await world.minute();
    await world.hear(AWAITED);
    const { length } = world.calls;
    await world.hear(AWAITED);
    await world.hear({ ...AWAITED, plugin: 'unknown' });
    expect(world.calls).toHaveLength(length);
  });

  it('that was sent while its mapping was being disabled is found at once', async () => {
    const world = createWorld(sleepy);
    world.around('A', { meanwhile: () => world.around('A', { queued: 1 }) });
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: true });
    expect(await world.registration('A')).not.toHaveProperty('switchedOff');
  });

  it('that SQS counts late is found a minute later', async () => {
    const world = createWorld(sleepy);
    await world.minute();
    world.around('A', { queued: 1 });
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: true });
  });

  it('that marked the plugin as switched on before the mapping was disabled is found a minute later', async () => {
    const world = createWorld(sleepy);
    world.around('A', { meanwhile: () => world.ports.registry.setSwitchedOff('A', false) });
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: false });
    expect(await world.registration('A')).not.toHaveProperty('switchedOff');
    world.around('A', { queued: 1 });
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: true });
  });

  it('waits for the next minute when the mapping is in the middle of another change', async () => {
    const world = createWorld(sleepy);
    await world.minute();
    world.around('A', { queued: 1, changing: 1 });
    await world.hear(AWAITED);
    expect(await world.registration('A')).toMatchObject({ switchedOff: true });
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ enabled: true });
  });
});
