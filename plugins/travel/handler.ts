import { definePlugin, PermanentError } from 'batonflow/sdk';

/** A trip, and what has been booked for it so far. */
interface Trip {
  readonly to: string;
  readonly price: number;
}

const trip = {
  parse(value: unknown): Trip {
    const { to, price } = (value ?? {}) as Partial<Trip>;
    if (typeof to === 'string' && typeof price === 'number') return value as Trip;
    throw new PermanentError(
      'NO_TRIP',
      'a trip has a `to`, which is text, and a `price`, a number',
    );
  },
};

/** What the card of the sample may be charged with at once. */
const LIMIT = 1000;

/** A reference that depends on order and job only: who books twice books the same. */
const referenceOf = (task: { orderId: string; job: string }) => `${task.orderId}/${task.job}`;

export const flight = definePlugin((input, task) => ({ ...input, flight: referenceOf(task) }), {
  input: trip,
  compensate: ({ result }, task) => task.log.info('flight cancelled', { flight: result.flight }),
});

export const hotel = definePlugin((input, task) => ({ ...input, room: referenceOf(task) }), {
  input: trip,
  compensate: ({ result }, task) => task.log.info('room given back', { room: result.room }),
});

export const card = definePlugin(
  (input, task) => {
    if (input.price > LIMIT) {
      throw new PermanentError('CARD_DECLINED', `${input.price} is above the limit of ${LIMIT}`);
    }
    return { ...input, charge: referenceOf(task) };
  },
  {
    input: trip,
    compensate: ({ result }, task) => task.log.info('refunded', { charge: result.charge }),
  },
);

/**
 * Asks a person at the desk whether a dear trip may be booked. The desk gets the token of the task; whoever decides there sends it back to
 * Baton with the answer, be it in a minute or in a week.
 */
export const approve = definePlugin(
  async (input, task) => {
    if (input.price <= LIMIT) return input;
    const desk = process.env.DESK_URL;
    if (!desk) throw new PermanentError('NOBODY_TO_ASK', 'the service knows no desk: desk-url');
    const response = await fetch(`${desk}/questions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ trip: input, orderId: task.orderId, token: task.token }),
      signal: task.signal,
    });
    if (!response.ok) throw new Error(`the desk answers ${response.status}`);
    return task.later();
  },
  { input: trip },
);
