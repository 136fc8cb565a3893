/** Times and sizes in words. Pure. */

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** `12 s`, `3 min`, `2 h`, `5 d`. Seconds, rounded down, never negative. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const unit = UNITS.find(([size]) => whole >= size);
  return unit === undefined ? `${whole} s` : `${Math.floor(whole / unit[0])} ${unit[1]}`;
}

/** `just now`, `3 min ago`, `in 12 s`. Both in milliseconds since the epoch. */
export function relativeTime(at: number, now: number): string {
  const seconds = (now - at) / 1000;
  if (seconds < -1) return `in ${duration(-seconds)}`;
  return seconds < 5 ? 'just now' : `${duration(seconds)} ago`;
}

/** `512 MiB`, `4 GiB`, `1.5 GiB`. */
export function memory(mebibytes: number): string {
  if (mebibytes < 1024) return `${mebibytes} MiB`;
  return `${Number((mebibytes / 1024).toFixed(1))} GiB`;
}

/** Whether a text is a moment by RFC 3339, as `2026-01-31T12:00:00.000Z`. */
export function isMoment(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}

/** `812 B`, `3.1 MB`, `1.5 GB`: powers of ten. */
export function bytes(number: number): string {
  const unit = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(unit.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, number)) / 3)));
  return `${Number((number / 1_000 ** power).toFixed(power === 0 ? 0 : 1))} ${unit[power]}`;
}

/** `1 VM`, `2 VMs`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** The first part of a UUIDv7 is its time; its last says more about which one it is. */
export function shortId(id: string): string {
  return `…${id.slice(-8)}`;
}

/** What asks for things by itself, as the API names it. */
const ASKS_BY_ITSELF: Readonly<Record<string, string>> = {
  rollout: 'a rollout',
  drain: 'a drain',
  migration: 'a migration',
  holdfast: 'Holdfast',
};

/** `admin` of `admin (0199…)`, `a drain` of `drain:0199…`: who asked, without an id. No token's name has a colon. */
export function actorName(actor: string): string {
  const known = ASKS_BY_ITSELF[/^(\w+):/.exec(actor)?.[1] ?? ''];
  return known ?? actor.replace(/ \([0-9a-f-]{36}\)$/, '');
}
