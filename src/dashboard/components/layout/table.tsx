/**
 * A table that turns into a list of cards on a phone. The roles are written out because changing `display` would
 * otherwise take the table's meaning away from screen readers.
 */

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
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

interface TableProps<Row> {
  label: string;
  /** The first column names its row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

const classOf = ({ end, firm, minor }: Pick<Column<unknown>, 'end' | 'firm' | 'minor'>) =>
  [end && styles.end, firm && styles.firm, minor && styles.minor].filter(Boolean).join(' ') || undefined;

export function Table<Row>({ label, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <Frame label={label} columns={columns}>
      {rows.map((row) => (
        // biome-ignore lint/a11y/noRedundantRoles: needed once CSS changes `display`, see above
        <tr key={rowKey(row)} role="row">
          <Cells columns={columns} row={row} />
        </tr>
      ))}
    </Frame>
  );
}

/** How high a row is taken to be until it is measured, in CSS pixels. */
const ROW_HEIGHT = 43;
/** Rows beyond the edge of the window that are there all the same, so that scrolling shows no gap. */
const OVERSCAN = 8;
/** The next page is asked for when so many rows are left. */
const NEAR_END = 30;

/** The same for thousands of rows: only those in the window are in the page, which scrolls as one. */
export function LongTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  total = null,
  onNearEnd,
  onShown,
}: TableProps<Row> & {
  /** How many rows there are in all; null: not known, there may be more. */
  total?: number | null;
  /** Called when the last rows come near; must bear being called again. */
  onNearEnd?: (() => void) | undefined;
  /** Told which rows are in the page whenever others are. */
  onShown?: ((rows: readonly Row[]) => void) | undefined;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // What stands above the table may change its height with anything that is read.
  useLayoutEffect(() => {
    const now = frame.current === null ? 0 : frame.current.getBoundingClientRect().top + window.scrollY;
    if (Math.abs(now - top) > 1) setTop(now);
  });
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => keyAt(rows, index, rowKey),
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  const before = first === undefined ? 0 : first.start - top;
  const after = last === undefined ? 0 : virtual.getTotalSize() - (last.end - top);

  const nearEnd = last !== undefined && last.index >= rows.length - NEAR_END;
  useEffect(() => {
    if (nearEnd) onNearEnd?.();
  }, [nearEnd, onNearEnd]);

  const from = first?.index ?? 0;
  const to = last === undefined ? 0 : last.index + 1;
  useEffect(() => onShown?.(rows.slice(from, to)), [rows, from, to, onShown]);

  return (
    <div ref={frame}>
      <Frame label={label} columns={columns} total={total ?? -1}>
        <Space height={before} columns={columns.length} />
        {items.map(({ index, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <tr
              key={key}
              // biome-ignore lint/a11y/noRedundantRoles: needed once CSS changes `display`, see above
              role="row"
              aria-rowindex={index + 2}
              data-index={index}
              ref={virtual.measureElement}
            >
              <Cells columns={columns} row={row} />
            </tr>
          );
        })}
        <Space height={after} columns={columns.length} />
      </Frame>
    </div>
  );
}

function keyAt<Row>(rows: readonly Row[], index: number, rowKey: (row: Row) => string): string | number {
  const row = rows[index];
  return row === undefined ? index : rowKey(row);
}

function Space({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className={styles.space}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function Frame<Row>({
  label,
  columns,
  total,
  children,
}: Pick<TableProps<Row>, 'label' | 'columns'> & {
  /** Of a table that has only some of its rows in the page; -1: not known. */
  total?: number;
  children: ReactNode;
}) {
  return (
    <div className={styles.wrap}>
      {/* biome-ignore-start lint/a11y/noRedundantRoles: needed once CSS changes `display`, see above */}
      <table
        className={styles.table}
        aria-label={label}
        role="table"
        aria-rowcount={total === undefined ? undefined : total < 0 ? -1 : total + 1}
      >
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.header} scope="col" role="columnheader" className={classOf(column)}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">{children}</tbody>
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: as above */}
    </div>
  );
}

function Cells<Row>({ columns, row }: { columns: readonly Column<Row>[]; row: Row }) {
  return columns.map((column) => (
    // biome-ignore lint/a11y/noRedundantRoles: needed once CSS changes `display`, see above
    <td key={column.header} role="cell" className={classOf(column)}>
      <span className={styles.label} aria-hidden>
        {column.header}
      </span>
      <div>{column.cell(row)}</div>
    </td>
  ));
}
