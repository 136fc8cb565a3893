/** The waves of a rollout, one below the other: which is through, which is under way, which is still to come. */
import { Badge, type Colour } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import type { Rollout } from '../../data/types.ts';
import { count, duration } from '../../model/format.ts';
import { waveState } from '../../model/rollout-words.ts';
import styles from './rollout-waves-card.module.css';
import { StatesBar } from './states-bar.tsx';

const STATE: Record<ReturnType<typeof waveState>, { colour: Colour; words: string }> = {
  through: { colour: 'green', words: 'through' },
  now: { colour: 'blue', words: 'under way' },
  later: { colour: 'grey', words: 'to come' },
  ended: { colour: 'red', words: 'taken back' },
  unreached: { colour: 'grey', words: 'not reached' },
};

export function RolloutWavesCard({ rollout }: { rollout: Rollout }) {
  const skipped = rollout.vms - rollout.waves.reduce((sum, { vms }) => sum + vms, 0);
  return (
    <Card title="Waves" flush>
      <ol className={styles.waves} aria-label="Waves">
        {rollout.waves.map((wave, index) => {
          const state = waveState(index, rollout);
          const soaking = state === 'now' && rollout.soakUntil !== null;
          const paused = state === 'now' && rollout.status === 'paused';
          const { colour, words } = STATE[state];
          return (
            <li key={index} className={styles.wave} aria-current={state === 'now' ? 'step' : undefined}>
              <div className={styles.head}>
                <span className={cells.line}>
                  <strong>Wave {index + 1}</strong>
                  <Badge
                    colour={paused ? 'amber' : colour}
                    moving={state === 'now' && rollout.status === 'running'}
                  >
                    {paused ? 'held' : soaking ? 'being watched' : words}
                  </Badge>
                </span>
                <span className={cells.quiet}>
                  {index === rollout.waves.length - 1 ? 'the rest' : sizeWords(wave)} ·{' '}
                  {count(wave.vms, 'VM')}
                  {wave.soakSeconds > 0 && ` · then watched for ${duration(wave.soakSeconds)}`}
                </span>
              </div>
              <StatesBar states={wave.states} />
              {soaking && rollout.soakUntil !== null && (
                <p className={cells.quiet}>
                  The next wave may begin <Since at={rollout.soakUntil} />.
                </p>
              )}
            </li>
          );
        })}
      </ol>
      {skipped > 0 && (
        <p className={styles.skipped}>
          {count(skipped, 'VM')} {skipped === 1 ? 'was' : 'were'} skipped from the beginning; each says why
          below.
        </p>
      )}
    </Card>
  );
}

function sizeWords({ percent, count: vms }: Rollout['waves'][number]): string {
  return percent === null ? `at most ${vms?.toLocaleString('en')}` : `${percent} %`;
}
