import * as z from 'zod';

/** How much an event matters, from least to most. */
export const LEVELS = ['low', 'guarded', 'elevated', 'high'] as const;

/** What `security` and `unit` make of an event, and what `notification` and `reporting` work from. */
export const assessmentSchema = z.object({
  eventId: z.string().min(1),
  level: z.enum(LEVELS),
  /** One line that says what happened and where. */
  headline: z.string().min(1),
  action: z.string().min(1),
  respondWithinMinutes: z.number().positive(),
  occurredAt: z.iso.datetime(),
});

export type Level = (typeof LEVELS)[number];
export type Assessment = z.output<typeof assessmentSchema>;

/** What is to be done at each level, and how soon. */
export const RESPONSES: Readonly<
  Record<Level, Pick<Assessment, 'action' | 'respondWithinMinutes'>>
> = {
  low: { action: 'Look at it on the next round', respondWithinMinutes: 480 },
  guarded: { action: 'Watch the cameras', respondWithinMinutes: 60 },
  elevated: { action: 'Send the nearest patrol', respondWithinMinutes: 15 },
  high: { action: 'Send every unit and call the police', respondWithinMinutes: 5 },
};
