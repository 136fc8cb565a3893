/** The way back into the past, below a list of events. */
import { Button } from '../../components/actions/button.tsx';
import type { Events } from '../../data/events.ts';
import styles from './load-older.module.css';

export function LoadOlder({ events }: { events: Events }) {
  if (!events.hasOlder) return null;
  return (
    <div className={styles.older}>
      <Button onClick={events.loadOlder} disabled={events.loadingOlder}>
        {events.loadingOlder ? 'Loading…' : 'Show older events'}
      </Button>
    </div>
  );
}
