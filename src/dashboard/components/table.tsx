/**
 * A table that turns into a list of cards on a phone. The roles are written out because changing `display` would
 * otherwise take the table's meaning away from screen readers.
 */
import type { ReactNode } from 'react';
import styles from './table.module.css';

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of their column. */
  end?: boolean;
  /** Stays on one line. */
  firm?: boolean;
  /** Left out on a phone. */
  minor?: boolean;
}

const classOf = ({ end, firm, minor }: Pick<Column<unknown>, 'end' | 'firm' | 'minor'>) =>
  [end && styles.end, firm && styles.firm, minor && styles.minor].filter(Boolean).join(' ') || undefined;

export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
}: {
  label: string;
  /** The first column names its row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}) {
  return (
    <div className={styles.wrap}>
      {/* biome-ignore-start lint/a11y/noRedundantRoles: needed once CSS changes `display`, see above */}
      <table className={styles.table} aria-label={label} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.header} scope="col" role="columnheader" className={classOf(column)}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <td key={column.header} role="cell" className={classOf(column)}>
                  <span className={styles.label} aria-hidden>
                    {column.header}
                  </span>
                  <div>{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: as above */}
    </div>
  );
}
