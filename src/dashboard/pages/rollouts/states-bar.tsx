/** How the VMs of a rollout, or of one of its waves, stand: as a bar, and in words below it. */
import type { Rollout } from '../../data/types.ts';
import { GROUP_WORDS, segmentsOf, statesWords } from '../../model/rollout-words.ts';
import styles from './states-bar.module.css';

export function StatesBar({ states }: { states: Rollout['states'] }) {
  const segments = segmentsOf(states);
  const total = segments.reduce((sum, { vms }) => sum + vms, 0);
  return (
    <div className={styles.states}>
      <div className={styles.bar} aria-hidden>
        {segments.map(({ group, vms }) => (
          <span
            key={group}
            data-group={group}
            style={{ width: `${(vms / total) * 100}%` }}
            title={`${vms} ${GROUP_WORDS[group]}`}
          />
        ))}
      </div>
      <p>{statesWords(states)}</p>
    </div>
  );
}
