/** Small coloured words. Colour never stands alone: each badge says in text what it means. */
import type { ReactNode } from 'react';
import type { EventInitiator, Phase } from '../../data/types.ts';
import styles from './badge.module.css';

export type Colour = 'green' | 'blue' | 'amber' | 'violet' | 'red' | 'grey' | 'doubt';

export function Badge({
  colour,
  dot = true,
  moving = false,
  title,
  children,
}: {
  colour: Colour;
  dot?: boolean;
  moving?: boolean;
  title?: string | undefined;
  children: ReactNode;
}) {
  const names = [
    styles.badge,
    styles[colour],
    dot ? undefined : styles.bare,
    moving ? styles.moving : undefined,
  ];
  return (
    <span className={names.filter(Boolean).join(' ')} title={title}>
      {children}
    </span>
  );
}

const PHASE_COLOURS: Record<Phase, Colour> = {
  pending: 'blue',
  starting: 'blue',
  running: 'green',
  paused: 'amber',
  stopping: 'blue',
  stopped: 'grey',
  hibernating: 'blue',
  hibernated: 'violet',
  migrating: 'blue',
  failed: 'red',
  unknown: 'doubt',
};
const MOVING = new Set<Phase>(['pending', 'starting', 'stopping', 'hibernating', 'migrating']);

export function PhaseBadge({ phase, reason }: { phase: Phase; reason?: string | null }) {
  return (
    <Badge colour={PHASE_COLOURS[phase]} moving={MOVING.has(phase)} title={reason ?? undefined}>
      {phase}
    </Badge>
  );
}

const INITIATOR_COLOURS: Record<EventInitiator, Colour> = {
  guest: 'violet',
  operator: 'blue',
  policy: 'green',
  host: 'amber',
  unknown: 'doubt',
};

export function InitiatorBadge({ initiator }: { initiator: EventInitiator }) {
  return (
    <Badge colour={INITIATOR_COLOURS[initiator]} dot={false}>
      {initiator}
    </Badge>
  );
}

/** A PSCI version; `isDefault` marks the one a guest gets from this host when nobody pins it. */
export function Version({ version, isDefault = false }: { version: string; isDefault?: boolean }) {
  return (
    <span
      className={isDefault ? `${styles.version} ${styles.default}` : styles.version}
      title={isDefault ? `PSCI ${version}: what this host gives a guest that nobody pins` : `PSCI ${version}`}
    >
      {version}
      {isDefault && <span className="visually-hidden"> (default)</span>}
    </span>
  );
}
