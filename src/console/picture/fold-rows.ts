import type { Row } from './bars.ts';
import { FEW } from './lists.ts';

/** The rows of a long list in one line: from when the first was sent to when the last ended. */
export interface Fold {
  readonly listId: string;
  readonly plugin: string;
  readonly rows: readonly Row[];
  /** Of the whole width, from 0 to 1. */
  readonly left: number;
  readonly width: number;
}

export type Line = Row | Fold;

export const isFold = (line: Line): line is Fold => 'rows' in line;

/** The waterfall's rows, those of a long list behind one line; of the list that is opened, all of them follow it, of others the chosen one alone. */
export function foldRows(
  rows: readonly Row[],
  opened: string | undefined,
  chosen: string | undefined,
): readonly Line[] {
  const lists = Map.groupBy(rows, ({ listId }) => listId);
  return rows.flatMap((row): readonly Line[] => {
    const { listId } = row;
    const all = listId === undefined ? [] : (lists.get(listId) ?? []);
    if (listId === undefined || all.length <= FEW) return [row];
    const head = row === all[0] ? [foldOf(listId, all)] : [];
    const isShown = listId === opened || row.job === chosen;
    return isShown ? [...head, row] : head;
  });
}

function foldOf(listId: string, rows: readonly Row[]): Fold {
  const bars = rows.flatMap((row) => row.bars);
  const left = Math.min(...bars.map((bar) => bar.left));
  const right = Math.max(...bars.map((bar) => bar.left + bar.width));
  return { listId, plugin: rows[0]?.plugin ?? '', rows, left, width: right - left };
}
