/** What the page says when something is wrong, missing or not there yet. */
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError } from '../../../client/client.ts';
import { sentenceOf } from '../../data/problems.ts';
import styles from './notice.module.css';

export function Notice({
  tone = 'plain',
  title,
  children,
}: {
  tone?: 'plain' | 'warning' | 'danger';
  title?: string;
  children?: ReactNode;
}) {
  return (
    <div className={[styles.notice, tone === 'plain' ? undefined : styles[tone]].filter(Boolean).join(' ')}>
      {tone === 'danger' && <CircleAlert size={17} aria-hidden />}
      {tone === 'warning' && <TriangleAlert size={17} aria-hidden />}
      <div>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** An error as the API told it: its sentence for people, its code and request id for a report. */
export function Problem({ error, title }: { error: unknown; title: string }) {
  const problem = error instanceof ProblemError ? error.problem : null;
  return (
    <div role="alert">
      <Notice tone="danger" title={title}>
        <p>{sentenceOf(error)}</p>
        {problem?.errors !== undefined && (
          <ul>
            {problem.errors.map(({ pointer, detail }) => (
              <li key={`${pointer} ${detail}`}>
                <code>{pointer}</code> {detail}
              </li>
            ))}
          </ul>
        )}
        {problem !== null && (
          <p className={styles.meta}>
            <code>{problem.code}</code>
            {problem.requestId !== undefined && (
              <>
                {' · request '}
                <code>{problem.requestId}</code>
              </>
            )}
          </p>
        )}
      </Notice>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p className={styles.loading} role="status">
      Loading {what}…
    </p>
  );
}
