/** How far something has come: in words, and as a bar. */
import { useId } from 'react';
import styles from './progress.module.css';

export function Progress({
  done,
  of,
  what,
}: {
  done: number;
  of: number;
  /** What is counted: `VMs dealt with`. */
  what: string;
}) {
  const id = useId();
  return (
    <div className={styles.progress}>
      <span id={id}>
        {done.toLocaleString('en')} of {of.toLocaleString('en')} {what}
      </span>
      <div
        className={styles.track}
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={Math.max(of, 1)}
        aria-valuenow={of === 0 ? 1 : done}
      >
        <div className={styles.fill} style={{ width: `${of === 0 ? 100 : (done / of) * 100}%` }} />
      </div>
    </div>
  );
}
