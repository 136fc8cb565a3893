/**
 * A VM's life as a picture: in which state it was when, on which host, and what was asked of it meanwhile. Worked out
 * from its events, which are facts; before the first event at hand nothing is known. Pure.
 */
import type { FleetEvent, Operation } from '../data/types.ts';
import { count } from './format.ts';

/** `gone`: nobody knows, since its host was lost. */
export type LifeState = 'running' | 'paused' | 'hibernated' | 'off' | 'gone';

/** Milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface LifeSpan extends Span {
  readonly state: LifeState;
  readonly hostId: string;
  /** Null while it is off. */
  readonly bootId: string | null;
  readonly psci: string | null;
}

export interface Mark {
  readonly at: number;
  readonly event: FleetEvent;
}

export interface AskedSpan extends Span {
  readonly operation: Operation;
}

export interface Timeline extends Span {
  readonly life: readonly LifeSpan[];
  readonly marks: readonly Mark[];
  readonly asked: readonly AskedSpan[];
}

const STATE_AFTER: Record<FleetEvent['kind'], LifeState | null> = {
  started: 'running',
  restored: 'running',
  resumed: 'running',
  // The guest boots anew without going off, or the `poweroff` that follows tells otherwise.
  reset: 'running',
  paused: 'paused',
  suspend: 'paused',
  hibernate: 'hibernated',
  poweroff: 'off',
  crash: 'off',
  killed: 'off',
  lost: 'gone',
  // The guest goes on as it was.
  saved: null,
  // `restored` says that it runs there; one that was off is off.
  migrated: null,
};

/** Shorter pictures say nothing. */
const SHORTEST_MS = 10_000;

/** `events` in any order. `from`: nothing earlier is drawn; null: all of it is. */
export function timelineOf(
  events: readonly FleetEvent[],
  operations: readonly Operation[],
  { from, now }: { from: number | null; now: number },
): Timeline {
  const marks = events
    .map((event) => ({ at: new Date(event.observedAt).getTime(), event }))
    .sort((a, b) => a.at - b.at || a.event.sequence - b.event.sequence);
  const asked = operations
    .map((operation) => ({
      operation,
      from: new Date(operation.createdAt).getTime(),
      to: operation.finishedAt === null ? now : new Date(operation.finishedAt).getTime(),
    }))
    .sort((a, b) => a.from - b.from);
  const earliest = Math.min(marks[0]?.at ?? now, now - SHORTEST_MS);
  const begin = Math.min(from ?? earliest, now - SHORTEST_MS);
  return {
    from: begin,
    to: now,
    life: lifeOf(marks, now)
      .filter(({ to }) => to > begin)
      .map((span) => ({ ...span, from: Math.max(span.from, begin) })),
    marks: marks.filter(({ at }) => at >= begin),
    asked: asked
      .filter(({ to }) => to > begin)
      .map((span) => ({ ...span, from: Math.max(span.from, begin), to: Math.max(span.to, begin) })),
  };
}

function lifeOf(marks: readonly Mark[], now: number): LifeSpan[] {
  const changes = marks.flatMap(({ at, event }) => {
    const state = STATE_AFTER[event.kind];
    return state === null ? [] : [{ at, event, state }];
  });
  const pins = new Map<string, string>();
  for (const { event } of changes) {
    const version = event.pin?.version ?? event.psci?.version;
    if (version !== undefined) pins.set(event.bootId, version);
  }
  return changes
    .map(({ at, event, state }, index) => ({
      from: at,
      // By its host's clock the last one may be a little ahead of this browser's.
      to: changes[index + 1]?.at ?? Math.max(now, at),
      state,
      hostId: event.hostId,
      bootId: state === 'running' || state === 'paused' ? event.bootId : null,
      psci: pins.get(event.bootId) ?? null,
    }))
    .filter(({ from, to }) => to > from);
}

const STEPS_MS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
].map((seconds) => seconds * 1_000);

/** Round moments to write below the picture: at most `most`, in local time where they are whole hours or days. */
export function ticksOf({ from, to }: Span, most: number): number[] {
  const step = STEPS_MS.find((size) => (to - from) / size <= most) ?? (to - from) / most;
  const offset = new Date(to).getTimezoneOffset() * 60_000;
  const ticks = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** Where a moment is, in percent of the picture's width. */
export function placeOf(at: number, { from, to }: Span): number {
  return Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
}

/** The picture in a sentence, for those who do not see it. */
export function timelineWords({ life, marks, asked }: Timeline): string {
  const last = life.at(-1);
  const boots = marks.filter(({ event }) => event.kind === 'started').length;
  const hosts = new Set(life.map(({ hostId }) => hostId)).size;
  if (last === undefined) return 'Nothing is known of it yet.';
  return (
    `${count(boots, 'boot')} on ${count(hosts, 'host')}, ${count(marks.length, 'event')}, ` +
    `${count(asked.length, 'request')}; ${last.state} now. The events are listed below.`
  );
}
