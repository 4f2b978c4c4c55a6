import * as z from 'zod';

/** An instant as the API writes it: ISO 8601, in UTC. */
export const instant = z.iso.datetime();

export const instantWhen = (description: string) => instant.meta({ description });
export const text = (description: string) => z.string().meta({ description });
export const count = (description: string) => z.int().meta({ description });

/** Why something failed. */
export const FAILURE = {
  code: text('stable, in UPPER_SNAKE'),
  message: text('for people'),
};

/** Where the next page begins. */
export const next = z.string().optional().meta({ description: 'absent on the last page' });
