/** Answers on a terminal: tables for lists, one line per member for a single resource, or JSON as it came. */
import { usageError } from './errors.ts';

/** `value:PATH` is one member of each resource, as `value:psci.effective`. */
export type Output = 'table' | 'json' | 'name' | `value:${string}`;

/** Throws a usage error. */
export function parseOutput(said: string): Output {
  if (said === 'table' || said === 'json' || said === 'name') return said;
  if (/^value:./.test(said)) return said as Output;
  throw usageError(`-o takes table, json, name or value:MEMBER, not "${said}"`);
}

/** What a list shows of each resource, in this order; others show their first members that are short. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  vm: ['id', 'name', 'phase', 'psci.effective', 'psci.source', 'vcpus', 'memoryMiB', 'hostId'],
  host: ['id', 'name', 'kernel', 'psci.default', 'lease.state', 'cordoned', 'vms'],
  event: ['recordedAt', 'vmId', 'kind', 'initiator', 'hibernation', 'psci.version', 'cursor'],
  operation: ['id', 'kind', 'vmId', 'status', 'error.code', 'createdAt', 'finishedAt'],
  image: ['id', 'name', 'kernelVersion', 'cmdline', 'createdAt'],
  policy: ['id', 'name', 'version', 'selector', 'priority', 'enforcement'],
  rollout: ['id', 'name', 'status', 'wave', 'vms', 'failures', 'createdAt'],
  token: ['id', 'name', 'role', 'expiresAt', 'lastUsedAt'],
  network: ['id', 'name', 'cidr', 'outside', 'labels'],
  snapshot: ['id', 'name', 'vmName', 'psci', 'sizeBytes', 'savedAt'],
  audit: ['at', 'actor', 'method', 'path', 'status', 'override'],
};
const MOST_COLUMNS = 7;
const WIDEST_CELL = 48;

type Item = Record<string, unknown>;

/** Text to print, with its line end; empty for answers without a body. */
export function format(body: unknown, output: Output, resource: string): string {
  if (body === '' || body === null || body === undefined) return '';
  if (typeof body === 'string') return body.endsWith('\n') ? body : `${body}\n`;
  if (output === 'json') return `${JSON.stringify(body, null, 2)}\n`;
  const { items } = body as { items?: unknown };
  const all: unknown[] = Array.isArray(items) ? items : [body];
  if (output === 'name') return namesOf(all);
  if (output !== 'table') return valuesOf(all, output.slice('value:'.length).split('.'));
  return Array.isArray(items) ? tableOf(items as Item[], resource) : membersOf(body as Item);
}

function namesOf(items: unknown[]): string {
  return items.map((item) => `${String((item as Item).id ?? (item as Item).digest ?? '')}\n`).join('');
}

/** Text as it is, the rest as JSON; null is an empty line. */
function valuesOf(items: unknown[], path: string[]): string {
  return items
    .map((item) => {
      const value = memberOf(item, path) ?? '';
      return `${typeof value === 'string' ? value : JSON.stringify(value)}\n`;
    })
    .join('');
}

function tableOf(items: Item[], resource: string): string {
  const [first] = items;
  if (first === undefined) return 'There are none.\n';
  const known = COLUMNS[resource]?.filter((path) => (path.split('.')[0] as string) in first) ?? [];
  const columns = known.length > 1 ? known : shortMembers(first);
  const rows = items.map((item) => columns.map((path) => cellOf(memberOf(item, path.split('.')))));
  return align([columns.map(titleOf), ...rows]);
}

/** A table whose rows come one by one: every cell of `columns` at a width that the usual values have. */
export function eventLine(event: Item): string {
  const cells = [event.recordedAt, event.vmId, event.kind, event.initiator, event.hibernation ?? '-'];
  const why = event.reason === null ? '' : ` ${cellOf(event.reason)}`;
  return `${cells.map((cell, index) => String(cell).padEnd([24, 36, 9, 8, 7][index] ?? 0)).join('  ')}${why}`.trimEnd();
}

function shortMembers(item: Item): string[] {
  return Object.keys(item)
    .filter((key) => typeof item[key] !== 'object' || item[key] === null)
    .slice(0, MOST_COLUMNS);
}

function membersOf(item: Item): string {
  return align(rowsOf(item, ''));
}

function rowsOf(item: Item, prefix: string): string[][] {
  return Object.entries(item).flatMap(([key, value]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    return typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.keys(value).length > 0
      ? rowsOf(value as Item, name)
      : [[`${name}:`, plain(value)]];
  });
}

function memberOf(item: unknown, path: string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined || typeof item !== 'object' || item === null) return item;
  return memberOf((item as Item)[first], rest);
}

/** `psci.effective` as PSCI EFFECTIVE. */
function titleOf(path: string): string {
  return path
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('.', ' ')
    .toUpperCase();
}

function cellOf(value: unknown): string {
  const text = plain(value);
  return text.length > WIDEST_CELL ? `${text.slice(0, WIDEST_CELL - 1)}…` : text;
}

/** On one line, and with nothing in it that a terminal would obey. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return '-';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

function align(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
