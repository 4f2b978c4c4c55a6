import { stripVTControlCharacters } from 'node:util';

const characters = new Intl.Segmenter();

/** Characters that take two columns of a terminal. https://www.unicode.org/reports/tr11/ */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|\ufe0f$/u;

/** The columns that a text takes on a terminal: none for its colours, two for a wide character. */
export function textWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  let width = 0;
  for (const { segment } of characters.segment(plain)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** As much of the text as fits, without its colours where it is cut; `…` stands for the rest. */
export function cutTo(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  for (const { segment } of characters.segment(stripVTControlCharacters(text))) {
    if (textWidth(kept + segment) >= columns) break;
    kept += segment;
  }
  return `${kept}…`;
}
