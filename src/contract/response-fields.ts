import * as z from 'zod';

/** An instant as the API writes it: ISO 8601, in UTC. */
export const instant = z.iso.datetime();

/** Where the next page begins. */
export const next = z.string().optional().meta({ description: 'absent on the last page' });
