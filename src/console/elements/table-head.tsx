import type { ComponentChildren } from 'preact';

/** A column's title, and how its cells stand: `number` for figures, `wide` for what a narrow screen leaves out. */
export type Column = readonly [title: string, style?: string];

export function TableHead({
  columns,
  children,
}: {
  readonly columns: readonly Column[];
  /** A cell before the first column. */
  readonly children?: ComponentChildren;
}) {
  return (
    <thead>
      <tr>
        {children}
        {columns.map(([title, style]) => (
          <th key={title} scope="col" class={style}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
