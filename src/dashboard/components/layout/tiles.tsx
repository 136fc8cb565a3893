/** The few numbers one looks at first. */
import styles from './tiles.module.css';

export interface Tile {
  label: string;
  value: number;
  /** The whole that `value` is a part of. */
  of?: number;
  /** Somebody should look. */
  alarm?: boolean;
}

export function Tiles({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <dl className={styles.tiles}>
      {tiles.map(({ label, value, of, alarm = false }) => (
        <div key={label} className={styles.tile} data-alarm={alarm}>
          <dt>{label}</dt>
          <dd>
            {value.toLocaleString('en')}
            {of !== undefined && <small> of {of.toLocaleString('en')}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
