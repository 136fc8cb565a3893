/** The way on, below a list that is not shown to its end. */
import type { PagedList } from '../../data/pages.ts';
import { Button } from '../actions/button.tsx';
import styles from './more-rows.module.css';

/** Of a list that the API pages. */
export function MoreOf({ list }: { list: PagedList<unknown> }) {
  return <MoreRows show={list.hasMore} busy={list.loadingMore} onMore={list.loadMore} />;
}

export function MoreRows({
  show,
  busy = false,
  left,
  onMore,
}: {
  show: boolean;
  busy?: boolean;
  /** How many are not shown, where that is known. */
  left?: number;
  onMore: () => void;
}) {
  if (!show) return null;
  return (
    <div className={styles.more}>
      <Button onClick={onMore} disabled={busy}>
        {busy ? 'Loading…' : 'Show more'}
      </Button>
      {left !== undefined && <span>{left.toLocaleString('en')} more</span>}
    </div>
  );
}
