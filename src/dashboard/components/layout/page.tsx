/** The frame of every page's content: its heading, its actions, its title in the browser's tab. */
import { type ReactNode, useEffect } from 'react';
import styles from './page.module.css';

export function PageHead({
  title,
  beside,
  crumb,
  actions,
}: {
  title: string;
  /** Beside the title, e.g. a phase. */
  beside?: ReactNode;
  /** Above the title: the way back. */
  crumb?: ReactNode;
  actions?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Holdfast`;
  }, [title]);
  return (
    <header className={styles.head}>
      <div>
        {crumb !== undefined && <div className={styles.crumb}>{crumb}</div>}
        <div className={styles.title}>
          <h1>{title}</h1>
          {beside}
        </div>
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

export function Stack({ children }: { children: ReactNode }) {
  return <div className={styles.stack}>{children}</div>;
}

/** What the page is about on the left, what belongs to it on the right; one below the other when narrow. */
export function Columns({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>{children}</div>
      <div className={styles.stack}>{aside}</div>
    </div>
  );
}
