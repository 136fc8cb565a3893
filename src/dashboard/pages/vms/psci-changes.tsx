/** What a guest would see change between two PSCI versions, said before a pin is changed. */
import { Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { usePsciDiff } from '../../data/queries.ts';
import type { PsciVersion } from '../../data/types.ts';
import styles from './psci-changes.module.css';

export function PsciChanges({ from, to }: { from: PsciVersion; to: PsciVersion }) {
  const diff = usePsciDiff(from, to);
  if (diff.isPending) return <Loading what="what changes" />;
  if (diff.isError) return <Problem error={diff.error} title="What changes cannot be read" />;
  const { appear, vanish, breaks, consequences } = diff.data;
  return (
    <section className={styles.changes} aria-label={`What changes from PSCI ${from} to ${to}`}>
      <h3>
        What its guest sees change from {from} to {to}
      </h3>
      <ul>
        {appear.length > 0 && (
          <li>
            It can now call <Functions names={appear} />.
          </li>
        )}
        {vanish.length > 0 && (
          <li>
            It can no longer call <Functions names={vanish} />.
          </li>
        )}
        {consequences.map(({ description }) => (
          <li key={description}>{description}</li>
        ))}
        {appear.length + vanish.length + consequences.length === 0 && <li>Nothing but the number.</li>}
      </ul>
      {breaks.length > 0 && (
        <Notice tone="danger" title="Known to break">
          <ul>
            {breaks.map(({ guest, symptom }) => (
              <li key={guest}>
                {guest}: {symptom}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  );
}

function Functions({ names }: { names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ', '}
      <code>{name}</code>
    </span>
  ));
}
