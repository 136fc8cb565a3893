/** The status of a rollout as a badge. */
import { Badge, type Colour } from '../../components/display/badge.tsx';
import { isMoving } from '../../data/rollouts.ts';
import type { Rollout } from '../../data/types.ts';
import { STATUS_WORDS } from '../../model/rollout-words.ts';

const COLOURS: Record<Rollout['status'], Colour> = {
  running: 'blue',
  paused: 'amber',
  rollingBack: 'red',
  succeeded: 'green',
  rolledBack: 'red',
};

export function StatusBadge({ rollout }: { rollout: Pick<Rollout, 'status'> }) {
  return (
    <Badge colour={COLOURS[rollout.status]} moving={isMoving(rollout)}>
      {STATUS_WORDS[rollout.status]}
    </Badge>
  );
}
