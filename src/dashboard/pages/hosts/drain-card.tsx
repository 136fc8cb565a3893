/** The newest drain of a host, VM by VM, as it goes. */
import { Link } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { Badge, type Colour } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Notice } from '../../components/feedback/notice.tsx';
import { Progress } from '../../components/feedback/progress.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { type Column, Table } from '../../components/layout/table.tsx';
import { isOpen, useCancelDrain } from '../../data/hosts.ts';
import { useCan } from '../../data/permissions.ts';
import type { Drain } from '../../data/types.ts';
import { actorName } from '../../model/format.ts';
import { drainStateWords } from '../../model/host-actions.ts';

type DrainVm = Drain['vms'][number];

const STATE_COLOURS: Record<DrainVm['state'], Colour> = {
  asked: 'blue',
  stopped: 'green',
  hibernated: 'green',
  moved: 'green',
  ended: 'grey',
  left: 'amber',
};
const STATUS_COLOURS: Record<Drain['operation']['status'], Colour> = {
  pending: 'blue',
  running: 'blue',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'grey',
};

const COLUMNS: readonly Column<DrainVm>[] = [
  {
    header: 'VM',
    firm: true,
    cell: ({ vmId, name }) => (
      <Link to={`/vms/${vmId}`} className={cells.name}>
        {name}
      </Link>
    ),
  },
  { header: 'Asked for', cell: ({ action }) => action },
  {
    header: 'State',
    firm: true,
    cell: ({ state }) => (
      <Badge colour={STATE_COLOURS[state]} moving={state === 'asked'}>
        {drainStateWords(state)}
      </Badge>
    ),
  },
  {
    header: 'Detail',
    cell: ({ why, returnedAt }) => (
      <span className={cells.quiet}>
        {why}
        {why !== null && returnedAt !== null && ' '}
        {returnedAt !== null && (
          <>
            Considered again <Since at={returnedAt} />.
          </>
        )}
        {why === null && returnedAt === null && '–'}
      </span>
    ),
  },
];

export function DrainCard({ hostId, drain }: { hostId: string; drain: Drain }) {
  const cancel = useCancelDrain(hostId);
  const mayCancel = useCan('operator');
  const toast = useToast();
  const { operation, vms } = drain;
  const open = isOpen(operation);
  const { done, total } = operation.progress ?? { done: 0, total: vms.length };
  return (
    <Card
      title="Drain"
      count={
        <Badge colour={STATUS_COLOURS[operation.status]} moving={open}>
          {operation.status}
        </Badge>
      }
      flush
      actions={
        <>
          <span className={cells.quiet}>
            <Since at={operation.createdAt} /> by {actorName(operation.requestedBy)}
          </span>
          {open && mayCancel && (
            <Button
              disabled={cancel.isPending}
              onClick={() =>
                cancel.mutate(operation.id, {
                  onError: (error) => toast.failed('The drain was not cancelled', error),
                })
              }
            >
              Cancel the drain
            </Button>
          )}
        </>
      }
    >
      <Progress done={done} of={total} what="VMs dealt with" />
      {operation.error !== null && (
        <Notice tone="danger" title={operation.error.title}>
          <p>{operation.error.detail}</p>
        </Notice>
      )}
      {vms.length === 0 ? (
        <Empty title="No VM ran there" />
      ) : (
        <Table label="VMs of the drain" columns={COLUMNS} rows={vms} rowKey={({ vmId }) => vmId} />
      )}
    </Card>
  );
}
