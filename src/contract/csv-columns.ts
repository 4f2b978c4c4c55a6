import { defined } from '../core/defined.ts';
import type { CellType } from './csv-cell.ts';
import { CELL_TYPES } from './csv-cell.ts';
import type { ProblemDetail } from './problem.ts';
import { Problem } from './problem.ts';

/** Columns whose cells are names or a list of plugins. */
const NAMED = ['workflow', 'todo', 'client', 'orderId'] as const;

/** Columns `input.<name>` and `attributes.<name>`. */
const GROUPS = ['input', 'attributes'] as const;

const KNOWN = 'workflow, todo, client, orderId, input, input.<name>, attributes.<name>';

/** What a column of orders holds. */
export type Column = {
  /** As problems name it: the header without its type. */
  readonly path: string;
  readonly type?: CellType;
} & (
  | { readonly holds: (typeof NAMED)[number] | 'input' }
  | { readonly holds: 'field'; readonly of: (typeof GROUPS)[number]; readonly name: string }
  /** A column without a name, as spreadsheets write them at the end: its cells are empty. */
  | { readonly holds: 'nothing' }
);

/** The columns that a header names. @throws {Problem} INVALID_REQUEST that names each column that is wrong: then no row can be understood. */
export function columnsOf(header: readonly string[], line: number): readonly Column[] {
  const errors: ProblemDetail[] = [];
  const refuse = (path: string, reason: string) =>
    errors.push({ path, line, message: `${path}: ${reason}` });
  const columns = header.map((title, index) => columnOf(title.trim(), index, refuse));
  columns.forEach(({ path, holds }, index) => {
    const double = columns.findIndex((one) => one.path === path) < index;
    if (double && holds !== 'nothing') refuse(path, 'this column stands there twice');
  });
  const nested = columns.find((column) => column.holds === 'field' && column.of === 'input');
  if (nested !== undefined && columns.some(({ holds }) => holds === 'input')) {
    refuse(nested.path, 'there is a column input as well');
  }
  if (columns.every(({ holds }) => holds === 'nothing')) {
    errors.push({ line, message: 'the header names no column' });
  }
  if (errors.length > 0) throw new Problem('INVALID_REQUEST', errors);
  return columns;
}

function columnOf(
  title: string,
  index: number,
  refuse: (path: string, reason: string) => void,
): Column {
  const nothing = { path: `column ${index + 1}`, holds: 'nothing' } as const;
  if (title === '') return nothing;
  const colon = title.lastIndexOf(':');
  const path = colon === -1 ? title : title.slice(0, colon);
  const type = CELL_TYPES.find((one) => colon !== -1 && one === title.slice(colon + 1));
  if (colon !== -1 && type === undefined) {
    const types = CELL_TYPES.join(', ');
    const named = `a name with a colon needs a type after it: ${title}:string`;
    refuse(title, `${title.slice(colon + 1)} is no type; there are ${types} (${named})`);
    return nothing;
  }
  const holds = NAMED.find((one) => one === path);
  if (holds !== undefined && type === undefined) return { path, holds };
  if (path === 'input') return { path, holds: 'input', ...defined({ type }) };
  for (const of of GROUPS) {
    const name = path.slice(of.length + 1);
    if (!path.startsWith(`${of}.`) || name === '') continue;
    if (name === '__proto__') refuse(path, 'this key is not taken');
    return { path, holds: 'field', of, name, ...defined({ type }) };
  }
  refuse(path, holds === undefined ? `this column is not known; there are ${KNOWN}` : NO_TYPE);
  return nothing;
}

const NO_TYPE = 'only input and attributes have types';
