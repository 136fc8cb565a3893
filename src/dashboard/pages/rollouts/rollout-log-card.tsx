/** What a rollout has done, newest first. */
import { Link } from 'react-router';
import { Since } from '../../components/display/time.tsx';
import { Loading, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import { MoreOf } from '../../components/layout/more-rows.tsx';
import { useRolloutEvents } from '../../data/rollouts.ts';
import type { Rollout } from '../../data/types.ts';
import { eventWords } from '../../model/rollout-words.ts';
import styles from './rollout-log-card.module.css';

export function RolloutLogCard({ rollout }: { rollout: Rollout }) {
  const list = useRolloutEvents(rollout);
  return (
    <Card title="What it did" flush>
      {list.error !== null && <Problem error={list.error} title="Its log cannot be read" />}
      {list.items === undefined && list.error === null && <Loading what="its log" />}
      <ol className={styles.log} aria-label="What the rollout did">
        {list.items?.map((event) => (
          <li key={`${event.at} ${event.kind} ${event.vmId}`} data-kind={event.kind}>
            <div>
              <strong>{eventWords(event)}</strong>
              {event.vmId !== null && <Link to={`/vms/${event.vmId}`}>{event.vmName}</Link>}
              <span className={styles.when}>
                <Since at={event.at} />
              </span>
            </div>
            <p>{event.detail}</p>
          </li>
        ))}
      </ol>
      <MoreOf list={list} />
    </Card>
  );
}
