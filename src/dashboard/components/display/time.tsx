/** A moment, as the time since; the exact time is its tooltip and is what `datetime` holds. */
import { useSyncExternalStore } from 'react';
import { relativeTime } from '../../model/format.ts';

const TICK_MS = 5_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const told of listeners) told();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since the epoch, moving on every 5 s: one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

export function Since({ at }: { at: string }) {
  const clock = useNow();
  const moment = new Date(at);
  // An event may be younger than the last tick.
  const current = Math.max(clock, moment.getTime() > Date.now() ? clock : moment.getTime());
  return (
    <time dateTime={at} title={EXACT.format(moment)}>
      {relativeTime(moment.getTime(), current)}
    </time>
  );
}

/** The day, unless it is today, and the time to the millisecond, in the operator's time zone. */
export function Exact({ at }: { at: string }) {
  const moment = new Date(at);
  const today = moment.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={at}>
      {today ? '' : `${moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} `}
      {CLOCK.format(moment)}
    </time>
  );
}
