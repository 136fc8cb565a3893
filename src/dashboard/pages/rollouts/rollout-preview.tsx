/** Whom a planned rollout selects, how its waves divide them, and which of them it would skip. */
import { Link } from 'react-router';
import { PhaseBadge, Version } from '../../components/display/badge.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { type Column, Table } from '../../components/layout/table.tsx';
import { useDebounced } from '../../data/debounced.ts';
import { useSelectedVms } from '../../data/policies.ts';
import type { Vm } from '../../data/types.ts';
import { count } from '../../model/format.ts';
import { type RolloutDraft, waveSizes } from '../../model/rollout-draft.ts';
import { labelErrors, toSelector } from '../../model/selector.ts';
import styles from './rollout-preview.module.css';

const STILL_MS = 300;
const READ = 200;
const SHOWN = 10;

const COLUMNS: readonly Column<Vm>[] = [
  {
    header: 'VM',
    firm: true,
    cell: ({ id, name }) => (
      <Link to={`/vms/${id}`} className={cells.name}>
        {name}
      </Link>
    ),
  },
  { header: 'Phase', cell: ({ phase, reason }) => <PhaseBadge phase={phase} reason={reason} /> },
  {
    header: 'Has',
    cell: ({ psci }) =>
      psci.effective === null ? (
        <span className={cells.quiet}>at its first start</span>
      ) : (
        <Version version={psci.effective} />
      ),
  },
];

export function RolloutPreview({ draft }: { draft: RolloutDraft }) {
  const labels = useDebounced(draft.labels, STILL_MS);
  const typed = labelErrors(labels).size === 0;
  return (
    <Card title="Whom it moves" flush>
      {typed ? (
        <Selected selector={toSelector(labels)} waves={draft.waves} />
      ) : (
        <p className={styles.line}>Finish the labels to see whom they select.</p>
      )}
    </Card>
  );
}

function Selected({
  selector,
  waves,
}: {
  selector: Readonly<Record<string, string>>;
  waves: RolloutDraft['waves'];
}) {
  const list = useSelectedVms(selector, READ);
  if (list.error !== null) return <Problem error={list.error} title="The VMs cannot be read" />;
  if (list.items === undefined) return <Loading what="the VMs" />;
  if (list.items.length === 0) {
    return (
      <Empty title="It selects no VM">
        <p>A rollout is about the VMs that its labels select when it begins.</p>
      </Empty>
    );
  }
  const total = list.items.length;
  const hibernated = list.items.filter(({ phase }) => phase === 'hibernated').length;
  return (
    <>
      <p className={styles.line}>
        <strong>{list.hasMore ? `More than ${total} VMs` : count(total, 'VM')}</strong>, in the order of their
        creation.
        {hibernated > 0 &&
          ` ${count(hibernated, 'hibernated VM')} would be skipped: a guest resumes with the firmware it knew.`}
      </p>
      {!list.hasMore && (
        <ol className={styles.waves} aria-label="VMs by wave">
          {waveSizes(waves, total).map((size, index) => (
            <li key={waves[index]?.key}>
              <span>Wave {index + 1}</span>
              <span className={styles.track} aria-hidden>
                <span style={{ width: `${(size / total) * 100}%` }} />
              </span>
              <span>{count(size, 'VM')}</span>
            </li>
          ))}
        </ol>
      )}
      <Table
        label="VMs that it moves"
        columns={COLUMNS}
        rows={list.items.slice(0, SHOWN)}
        rowKey={({ id }) => id}
      />
      {total > SHOWN && <p className={styles.line}>and more.</p>}
    </>
  );
}
