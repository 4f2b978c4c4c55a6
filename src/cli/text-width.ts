import { stripVTControlCharacters } from 'node:util';

const characters = new Intl.Segmenter();

/** Characters that take two columns of a terminal. https://www.unicode.org/reports/tr11/ */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|\ufe0f$/u;

const PLAIN = /^[\x20-\x7e]*$/;

/** The columns that a text takes on a terminal: none for its colours, two for a wide character. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of characters.segment(stripVTControlCharacters(text))) {
    width += widthOf(segment);
  }
  return width;
}

/** As much of the text as fits, without its colours where it is cut; `…` stands for the rest. */
export function cutTo(text: string, columns: number): string {
  return textWidth(text) <= columns ? text : `${beginning(plainly(text), columns - 1)}…`;
}

/**
 * The text on lines that fit, broken between words where it can be; without its colours where it is broken.
 * @param most so many lines at most: the last one is cut
 */
export function fold(
  text: string,
  columns: number,
  most = Number.POSITIVE_INFINITY,
): readonly string[] {
  if (textWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let rest = plainly(text);
  while (lines.length < most - 1 && textWidth(rest) > columns) {
    const line = lineOf(rest, columns);
    lines.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return rest === '' ? lines : [...lines, cutTo(rest, columns)];
}

/** Every line of the text folded. @param columns the terminal's width, where there is one */
export function foldLines(text: string, columns = Number.POSITIVE_INFINITY): string {
  return text
    .split('\n')
    .flatMap((line) => fold(line, columns))
    .join('\n');
}

/** The text with spaces, before it where it stands on the right, until it is so wide. */
export function padTo(text: string, columns: number, align?: 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - textWidth(text)));
  return align === 'right' ? space + text : text + space;
}

export function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** What fits, up to the last space in it; of a word that is wider than a line its beginning, one character at least. */
function lineOf(text: string, columns: number): string {
  const fitting = beginning(text, columns);
  if (/^\s/.test(text.slice(fitting.length))) return fitting;
  const space = fitting.lastIndexOf(' ');
  return (space > 0 ? fitting.slice(0, space) : fitting) || firstCharacter(text);
}

function beginning(plain: string, columns: number): string {
  let kept = '';
  let width = 0;
  for (const { segment } of characters.segment(plain)) {
    width += widthOf(segment);
    if (width > columns) break;
    kept += segment;
  }
  return kept;
}

function firstCharacter(plain: string): string {
  for (const { segment } of characters.segment(plain)) return segment;
  return '';
}

const plainly = stripVTControlCharacters;

const widthOf = (character: string): number => (WIDE.test(character) ? 2 : 1);
