/** Every rollout, newest first, with how far it has come. */
import { Plus } from 'lucide-react';
import { Link } from 'react-router';
import { LinkButton } from '../../components/actions/button.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { MoreOf } from '../../components/layout/more-rows.tsx';
import { PageHead } from '../../components/layout/page.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { useCan } from '../../data/permissions.ts';
import { useRollouts } from '../../data/rollouts.ts';
import type { Rollout } from '../../data/types.ts';
import { actorName } from '../../model/format.ts';
import { targetWords } from '../../model/rollout-words.ts';
import { selectorWords } from '../../model/selector.ts';
import { StatesBar } from './states-bar.tsx';
import { StatusBadge } from './status-badge.tsx';

const COLUMNS: readonly Column<Rollout>[] = [
  {
    header: 'Rollout',
    firm: true,
    cell: ({ id, name }) => (
      <Link to={`/rollouts/${id}`} className={cells.name}>
        {name}
      </Link>
    ),
  },
  { header: 'Status', firm: true, cell: (rollout) => <StatusBadge rollout={rollout} /> },
  { header: 'To', firm: true, cell: ({ to }) => targetWords(to) },
  { header: 'VMs with', cell: ({ selector }) => selectorWords(selector, 'any labels') },
  { header: 'VMs', end: true, cell: ({ vms }) => vms.toLocaleString('en') },
  {
    header: 'Wave',
    firm: true,
    cell: ({ wave, waves, status }) => (status === 'succeeded' ? 'all' : `${wave + 1} of ${waves.length}`),
  },
  { header: 'Progress', cell: ({ states }) => <StatesBar states={states} /> },
  {
    header: 'Begun',
    minor: true,
    cell: ({ createdAt, requestedBy }) => (
      <span className={cells.quiet}>
        <Since at={createdAt} /> by {actorName(requestedBy)}
      </span>
    ),
  },
];

export default function RolloutsPage() {
  const rollouts = useRollouts();
  const mayBegin = useCan('operator');
  return (
    <>
      <PageHead
        title="Rollouts"
        actions={
          mayBegin && (
            <LinkButton to="/rollouts/new" tone="primary">
              <Plus size={16} aria-hidden />
              Plan a rollout
            </LinkButton>
          )
        }
      />
      <Card title="Rollouts" flush>
        {rollouts.error !== null && <Problem error={rollouts.error} title="The rollouts cannot be read" />}
        {rollouts.items === undefined && rollouts.error === null && <Loading what="the rollouts" />}
        {rollouts.items?.length === 0 && (
          <Empty title="There was none yet">
            <p>
              A rollout moves many VMs to another pin, wave by wave: first a canary, then more. It watches
              each VM, halts by itself when too many fail, and can give every VM back what it had.
            </p>
            {mayBegin && (
              <LinkButton to="/rollouts/new" tone="primary">
                Plan the first one
              </LinkButton>
            )}
          </Empty>
        )}
        {rollouts.items !== undefined && rollouts.items.length > 0 && (
          <Table label="Rollouts" columns={COLUMNS} rows={rollouts.items} rowKey={({ id }) => id} />
        )}
        <MoreOf list={rollouts} />
      </Card>
    </>
  );
}
