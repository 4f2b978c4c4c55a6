import * as z from 'zod';

/** What an event is about, in words of its sender's: a workflow that starts on it, or waits for it, says the same. */
export const eventTypeSchema = z.string().min(1).max(200);

/** What an event is about among those of its type: an order waits under the same text. */
export const eventKeySchema = z.string().min(1).max(1024);
