/**
 * A VM's life drawn along one axis of time: its state, what was asked of it, its events. For the eye: the lists of events
 * and operations say the same in words.
 */
import type { ReactNode } from 'react';
import { whatHappened } from '../../model/event-words.ts';
import { actorName, duration } from '../../model/format.ts';
import {
  type AskedSpan,
  type LifeSpan,
  placeOf,
  type Span,
  type Timeline,
  ticksOf,
  timelineWords,
} from '../../model/vm-timeline.ts';
import { EventIcon } from './event-row.tsx';
import styles from './timeline.module.css';

const DAY_MS = 86_400_000;
/** Moments with seconds are wide. */
const MOST_TICKS = { minutes: 6, seconds: 4 } as const;
/** Percent of the width from an edge within which a moment does not fit in its place. */
const EDGE = 6;
/** About what a letter takes, and what is left free beside words, in percent of the picture's width. */
const LETTER = 1.6;
const MARGIN = 3;
const fits = (text: string, width: number) => text.length * LETTER + MARGIN <= width;

export function TimelinePicture({
  timeline,
  hostName,
}: {
  timeline: Timeline;
  hostName: (hostId: string) => string;
}) {
  const { life, asked, marks } = timeline;
  return (
    <div className={styles.picture} role="img" aria-label={timelineWords(timeline)}>
      <Lane name="State">
        {life.map((span) => (
          <Piece
            key={span.from}
            span={span}
            whole={timeline}
            state={span.state}
            words={lifeWords(span, hostName)}
          />
        ))}
      </Lane>
      <Lane name="Requests">
        {asked.map((span) => (
          <Piece
            key={span.operation.id}
            span={span}
            whole={timeline}
            status={span.operation.status}
            words={askedWords(span)}
          />
        ))}
      </Lane>
      <Lane name="Events" bare>
        {marks.map(({ at, event }) => (
          <span
            key={event.id}
            className={styles.mark}
            style={{ insetInlineStart: `${placeOf(at, timeline)}%` }}
            title={`${whatHappened(event)} by ${event.initiator}, ${new Date(at).toLocaleString('en-GB')}`}
          >
            <EventIcon kind={event.kind} />
          </span>
        ))}
      </Lane>
      <Axis span={timeline} />
    </div>
  );
}

function Lane({ name, bare = false, children }: { name: string; bare?: boolean; children: ReactNode }) {
  return (
    <>
      <span className={styles.name}>{name}</span>
      <div className={bare ? `${styles.lane} ${styles.events}` : styles.lane}>{children}</div>
    </>
  );
}

function Piece({
  span,
  whole,
  state,
  status,
  words,
}: {
  span: Span;
  whole: Span;
  state?: LifeSpan['state'];
  status?: AskedSpan['operation']['status'];
  words: Words;
}) {
  const start = placeOf(span.from, whole);
  const width = placeOf(span.to, whole) - start;
  return (
    <span
      className={styles.span}
      data-state={state}
      data-status={status}
      style={{ insetInlineStart: `${start}%`, width: `${width}%` }}
      title={words.long}
    >
      {[`${words.short}${words.more}`, words.short].find((text) => fits(text, width))}
    </span>
  );
}

interface Words {
  short: string;
  /** Behind it, where there is room. */
  more: string;
  long: string;
}

function lifeWords({ state, from, to, hostId, psci }: LifeSpan, hostName: (hostId: string) => string): Words {
  const on = state === 'running' || state === 'paused';
  const where = on ? ` on ${hostName(hostId)}` : '';
  const pin = on && psci !== null ? ` at PSCI ${psci}` : '';
  return {
    short: state,
    more: on && psci !== null ? ` · ${psci}` : '',
    long: `${state}${where}${pin} for ${duration((to - from) / 1_000)}`,
  };
}

function askedWords({ operation, from, to }: AskedSpan): Words {
  const { kind, status, requestedBy } = operation;
  return {
    short: kind,
    more: '',
    long: `${kind}, asked by ${actorName(requestedBy)}: ${status} after ${duration((to - from) / 1_000)}`,
  };
}

function Axis({ span }: { span: Span }) {
  const days = span.to - span.from > 2 * DAY_MS;
  const seconds = span.to - span.from < 5 * 60_000;
  const format = new Intl.DateTimeFormat('en-GB', {
    ...(days
      ? { day: 'numeric', month: 'short' }
      : { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) }),
  });
  const ticks = ticksOf(span, seconds ? MOST_TICKS.seconds : MOST_TICKS.minutes).map((at) => {
    const place = placeOf(at, span);
    return { at, place, edge: place < EDGE ? 'start' : place > 100 - EDGE ? 'end' : undefined };
  });
  // Moved in from the edge, it would stand in its neighbour's place.
  const shown = ticks.length > 2 ? ticks.filter(({ edge }) => edge === undefined) : ticks;
  return (
    <div className={styles.axis}>
      {shown.map(({ at, place, edge }) => (
        <span key={at} data-edge={edge} style={{ insetInlineStart: `${place}%` }}>
          {format.format(at)}
        </span>
      ))}
    </div>
  );
}
