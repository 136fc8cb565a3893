/** Events as a list, newest first. */
import {
  CirclePause,
  CirclePlay,
  type LucideIcon,
  Moon,
  Power,
  RotateCcw,
  Save,
  Skull,
  Truck,
  Unplug,
  Zap,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { FleetEvent } from '../../data/types.ts';
import { hibernationWords, psciWords, whatHappened } from '../../model/event-words.ts';
import { Badge, InitiatorBadge } from './badge.tsx';
import styles from './event-row.module.css';
import { Exact, Since } from './time.tsx';

const ICONS: Record<FleetEvent['kind'], LucideIcon> = {
  started: CirclePlay,
  poweroff: Power,
  hibernate: Moon,
  reset: RotateCcw,
  suspend: Moon,
  crash: Zap,
  killed: Skull,
  paused: CirclePause,
  resumed: CirclePlay,
  saved: Save,
  restored: CirclePlay,
  migrated: Truck,
  lost: Unplug,
};

export function EventIcon({ kind }: Pick<FleetEvent, 'kind'>) {
  const Icon = ICONS[kind];
  return (
    <span className={styles.icon} data-kind={kind}>
      <Icon size={14} aria-hidden />
    </span>
  );
}

export function HibernationBadge({ event }: { event: FleetEvent }) {
  const words = hibernationWords(event);
  if (words === null) return null;
  return (
    <Badge colour={event.hibernation === 'unknown' ? 'doubt' : 'grey'} dot={false}>
      {words}
    </Badge>
  );
}

export function EventList({
  label,
  events,
  subject,
  exact = false,
}: {
  label: string;
  events: readonly FleetEvent[];
  /** Which VM it happened to, where the list is about more than one. */
  subject?: (event: FleetEvent) => ReactNode;
  /** The time itself instead of the time since. */
  exact?: boolean;
}) {
  return (
    <ol className={styles.list} aria-label={label}>
      {events.map((event) => {
        const details = [psciWords(event), event.reason].filter((part) => part !== null);
        return (
          <li key={event.id} className={styles.row}>
            <EventIcon kind={event.kind} />
            <div className={styles.what}>
              <Link to={`/events/${event.id}`}>{whatHappened(event)}</Link>
              {subject?.(event)}
            </div>
            <span className={styles.when}>
              {exact ? <Exact at={event.observedAt} /> : <Since at={event.observedAt} />}
            </span>
            <div className={styles.detail}>
              <span>by</span>
              <InitiatorBadge initiator={event.initiator} />
              <HibernationBadge event={event} />
              <span>{details.join(' · ')}</span>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
