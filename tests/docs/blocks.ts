import { globSync, readFileSync } from 'node:fs';

/** A piece of code of a page. */
export interface Block {
  readonly page: string;
  /** Of its first line, from 1. */
  readonly line: number;
  /** What stands behind the fence: `yaml workflow`. Of an indented block: nothing. */
  readonly info: string;
  readonly text: string;
  /** Of the comment before it, which readers do not see: `<!-- not played: needs an account of AWS -->`. */
  readonly mark: string | undefined;
}

/** Pages that people write; docs/reference is made from the schemas. */
export const PAGES: readonly string[] = [
  ...globSync('*.md').filter((page) => page !== 'CHANGELOG.md'),
  ...globSync('docs/*.md'),
].sort();

/** Every fenced and every indented block of a page. */
export function blocksOf(page: string): readonly Block[] {
  return blocksIn(page, readFileSync(page, 'utf8'));
}

export function blocksIn(page: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let previousIsBlank = true;
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^ *```(.*)$/.exec(lines[at] ?? '');
    const begins = fence === null ? previousIsBlank && isIndented(lines[at]) : true;
    previousIsBlank = (lines[at] ?? '').trim() === '';
    if (!begins) continue;
    const line = at + (fence === null ? 1 : 2);
    const inside: string[] = [];
    if (fence === null) {
      for (; isIndented(lines[at]) || isGap(lines, at); at += 1) inside.push(lines[at] ?? '');
      at -= 1;
    } else {
      for (at += 1; !/^ *```$/.test(lines[at] ?? '```'); at += 1) inside.push(lines[at] ?? '');
    }
    const code = fence === null ? inside.map((one) => one.slice(4)) : inside;
    const info = fence?.[1]?.trim() ?? '';
    blocks.push({ page, line, info, text: `${code.join('\n')}\n`, mark: markAbove(lines, line) });
  }
  return blocks;
}

/** @param line of the block's code, from 1 */
function markAbove(lines: readonly string[], line: number): string | undefined {
  const above = lines.slice(0, line - 1).filter((one) => !/^\s*(```.*)?$/.test(one));
  return /^<!-- (.*) -->$/.exec(above.at(-1) ?? '')?.[1];
}

const isIndented = (line: string | undefined): boolean => /^ {4}\S/.test(line ?? '');

/** An empty or deeper line within an indented block. */
function isGap(lines: readonly string[], at: number): boolean {
  const line = lines[at];
  if (line === undefined) return false;
  if (/^ {4}/.test(line)) return true;
  return line === '' && /^ {4}/.test(lines[at + 1] ?? '');
}
