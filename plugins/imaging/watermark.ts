import type { Size } from './transform.ts';

/**
 * Letters as strokes on a grid of 4 by 6. The text of an SVG needs a font, and Lambda's runtime has none; a path looks the
 * same everywhere.
 */
const STROKES: Readonly<Record<string, string>> = {
  A: 'M0 6L2 0L4 6M.7 4H3.3',
  B: 'M3 3H0V0H3L4 1V2L3 3L4 4V5L3 6H0V3',
  C: 'M4 1L3 0H1L0 1V5L1 6H3L4 5',
  D: 'M0 0V6H2L4 4V2L2 0Z',
  E: 'M4 0H0V6H4M0 3H3',
  F: 'M4 0H0V6M0 3H3',
  G: 'M4 1L3 0H1L0 1V5L1 6H3L4 5V3H2',
  H: 'M0 0V6M4 0V6M0 3H4',
  I: 'M2 0V6M1 0H3M1 6H3',
  J: 'M4 0V5L3 6H1L0 5',
  K: 'M0 0V6M4 0L0 3L4 6',
  L: 'M0 0V6H4',
  M: 'M0 6V0L2 3L4 0V6',
  N: 'M0 6V0L4 6V0',
  O: 'M1 0H3L4 1V5L3 6H1L0 5V1Z',
  P: 'M0 6V0H3L4 1V2L3 3H0',
  Q: 'M1 0H3L4 1V5L3 6H1L0 5V1ZM2 4L4 6',
  R: 'M0 6V0H3L4 1V2L3 3H0M2 3L4 6',
  S: 'M4 1L3 0H1L0 1V2L1 3H3L4 4V5L3 6H1L0 5',
  T: 'M0 0H4M2 0V6',
  U: 'M0 0V5L1 6H3L4 5V0',
  V: 'M0 0L2 6L4 0',
  W: 'M0 0L1 6L2 3L3 6L4 0',
  X: 'M0 0L4 6M4 0L0 6',
  Y: 'M0 0L2 3L4 0M2 3V6',
  Z: 'M0 0H4L0 6H4',
  0: 'M1 0H3L4 1V5L3 6H1L0 5V1ZM3 1.5L1 4.5',
  1: 'M1 1L2 0V6M1 6H3',
  2: 'M0 1L1 0H3L4 1V2L0 6H4',
  3: 'M0 1L1 0H3L4 1V2L3 3H1M3 3L4 4V5L3 6H1L0 5',
  4: 'M3 6V0L0 4H4',
  5: 'M4 0H0V3H3L4 4V5L3 6H0',
  6: 'M4 1L3 0H1L0 1V5L1 6H3L4 5V4L3 3H0',
  7: 'M0 0H4L1 6',
  8: 'M1 3L0 2V1L1 0H3L4 1V2L3 3H1L0 4V5L1 6H3L4 5V4L3 3',
  9: 'M0 5L1 6H3L4 5V1L3 0H1L0 1V2L1 3H4',
  '-': 'M1 3H3',
  '.': 'M2 5.9V6',
  ':': 'M2 1.9V2M2 4.9V5',
  '/': 'M0 6L4 0',
  '©': 'M1 0H3L4 1V5L3 6H1L0 5V1ZM3 2H1V4H3',
};

/** From one letter to the next, in units of the grid. */
const ADVANCE = 6;
/** A letter is a twentieth of the image's width high, unless that would make the text too wide or too high for the image. */
const OF_WIDTH = 1 / 20;
const LARGEST_SHARE_OF_HEIGHT = 1 / 6;
const LARGEST_SHARE_OF_WIDTH = 0.9;
const MAX_LETTERS = 60;

/** A text as a picture, and where it belongs on the image. */
export interface Mark {
  readonly svg: Buffer;
  /** Pixels from the image's left edge. */
  readonly left: number;
  /** Pixels from the image's upper edge. */
  readonly top: number;
}

/**
 * The text for the lower right of an image of that size: light with a dark rim, so that it shows on any ground. Undefined if there
 * is nothing to write. The SVG is no larger than the text, since drawing costs by the pixel, empty ones included.
 */
export function watermarkOf(text: string, { width, height }: Size): Mark | undefined {
  const letters = [...text.normalize('NFD').toUpperCase()]
    .filter((letter) => !/\p{Mark}/u.test(letter))
    .slice(0, MAX_LETTERS);
  if (letters.length === 0) return undefined;
  const columns = letters.length * ADVANCE;
  const letterHeight = Math.min(width * OF_WIDTH, height * LARGEST_SHARE_OF_HEIGHT);
  const scale = Math.min(letterHeight / 6, (width * LARGEST_SHARE_OF_WIDTH) / columns);
  const x = width - columns * scale;
  const y = height - 9 * scale;
  // A unit of the grid is left around the strokes for their width.
  const left = Math.max(0, Math.floor(x - scale));
  const top = Math.max(0, Math.floor(y - scale));
  const paths = letters.map((letter, index) => {
    const strokes = Object.hasOwn(STROKES, letter) ? STROKES[letter] : '';
    return `<path transform="translate(${index * ADVANCE})" d="${strokes}"/>`;
  });
  const rim = `<g stroke="black" stroke-opacity=".45" stroke-width="1.6">${paths.join('')}</g>`;
  const face = `<g stroke="white" stroke-opacity=".85" stroke-width=".8">${paths.join('')}</g>`;
  const svg = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width - left}" height="${height - top}">` +
      `<g transform="translate(${x - left} ${y - top}) scale(${scale})" fill="none" stroke-linecap="round" stroke-linejoin="round">` +
      `${rim}${face}</g></svg>`,
  );
  return { svg, left, top };
}
