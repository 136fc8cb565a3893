/** How much of something is taken: in words, and as a bar for the eye. */
import styles from './meter.module.css';

export function Meter({ used, of, words }: { used: number; of: number; words: string }) {
  const share = of === 0 ? 0 : Math.min(1, used / of);
  return (
    <div className={styles.meter}>
      <span>{words}</span>
      <div className={styles.track} aria-hidden>
        <div className={styles.fill} data-full={share > 0.9} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
