import { definePlugin } from 'batonflow/sdk';

interface Trip {
  readonly trip: number;
  readonly flight?: string;
}

/** Books a flight, and gives it back. */
export const flight = definePlugin(({ trip }: Trip): Trip => ({ trip, flight: `BF ${trip}` }), {
  compensate: () => undefined,
});

/** Asks the office for a ticket. While the office is broken, every attempt fails. */
export const ticket = definePlugin(async ({ trip }: Trip): Promise<{ ticket: number }> => {
  const response = await fetch(`${process.env.OFFICE_URL}/tickets`, { method: 'POST' });
  if (!response.ok) {
    const error = new Error(`the ticket office answers ${response.status}`);
    throw Object.assign(error, { code: 'OFFICE_CLOSED' });
  }
  return { ticket: trip };
});
