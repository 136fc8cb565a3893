/** Rows as CSV (RFC 4180). Pure. */

export type CsvColumn<Row> = readonly [
  header: string,
  value: (row: Row) => string | number | null | undefined,
];

/**
 * A cell that begins like a formula gets an apostrophe in front: spreadsheets would compute it, and names and reasons come
 * from guests and hosts.
 */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map(([, value]) => cell(value(row))).join(','));
  return `${[columns.map(([header]) => cell(header)).join(','), ...lines].join('\r\n')}\r\n`;
}
