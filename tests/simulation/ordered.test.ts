import { expect, it } from '@jest/globals';
import { playWorlds } from './outside-jest.ts';
import type { WeatherName } from './weather.ts';

const HOUR = 3_600_000;

it.each<[string, WeatherName, number]>([
  ['and a task keeps its place until it has ended', 'calm', 1],
  ['whatever is lost, late or dies', 'earthquake', 1],
  ['whatever comes twice', 'hurricane', 1],
])(
  'one task of a line of an ordered plugin is at work at a time, %s',
  async (_, weather, count) => {
    // More of them: `npm run simulate -- --theme ordered`.
    const { broken } = await playWorlds({ seed: 20261127, count, weather, theme: 'ordered' });
    expect(broken).toEqual([]);
  },
  HOUR,
);
