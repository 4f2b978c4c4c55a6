import { setTimeout as pause } from 'node:timers/promises';
import { definePlugin } from 'batonflow/sdk';

interface Piece {
  readonly text: string;
  readonly steps: readonly string[];
}

/** The time to engrave a piece. It is spent waiting, not computing, so that more instances help on any machine. */
const ENGRAVING_MS = 400;

/** Books a piece in. */
export const receive = definePlugin(({ text }: { readonly text: string }): Piece => {
  return { text, steps: ['received'] };
});

/** Engraves a piece. */
export const engrave = definePlugin(async ({ text, steps }: Piece): Promise<Piece> => {
  await pause(ENGRAVING_MS);
  return { text, steps: [...steps, 'engraved'] };
});

/** Wraps a piece. */
export const wrap = definePlugin(({ text, steps }: Piece): Piece => {
  return { text, steps: [...steps, 'wrapped'] };
});
