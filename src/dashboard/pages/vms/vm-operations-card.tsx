/** What was asked of a VM and what came of it, newest first. */

import { Button } from '../../components/actions/button.tsx';
import { Badge, type Colour } from '../../components/display/badge.tsx';
import { Since, useNow } from '../../components/display/time.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { useCan } from '../../data/permissions.ts';
import { useCancelOperation, useOperations } from '../../data/queries.ts';
import type { Operation } from '../../data/types.ts';
import { actorName, duration } from '../../model/format.ts';
import styles from './vm-operations-card.module.css';

const SHOWN = 8;

const COLOURS: Record<Operation['status'], Colour> = {
  pending: 'blue',
  running: 'blue',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'grey',
};

export function VmOperationsCard({ vmId }: { vmId: string }) {
  const operations = useOperations(vmId);
  return (
    <Card title="Operations" flush>
      {operations.isError && <Problem error={operations.error} title="The operations cannot be read" />}
      {operations.isPending && <Loading what="operations" />}
      {operations.data?.length === 0 && (
        <Empty title="None yet">
          <p>What is asked of this VM is followed here.</p>
        </Empty>
      )}
      <ol className={styles.list} aria-label="Operations">
        {operations.data?.slice(0, SHOWN).map((operation) => (
          <OperationRow key={operation.id} operation={operation} vmId={vmId} />
        ))}
      </ol>
    </Card>
  );
}

function OperationRow({ operation, vmId }: { operation: Operation; vmId: string }) {
  const cancel = useCancelOperation(vmId);
  const now = useNow();
  const mayCancel = useCan('operator');
  const open = operation.status === 'pending' || operation.status === 'running';
  const began = new Date(operation.createdAt).getTime();
  const ended = operation.finishedAt === null ? now : new Date(operation.finishedAt).getTime();
  return (
    <li className={styles.row}>
      <span className={cells.line}>
        <strong className={cells.name}>{operation.kind}</strong>
        <Badge colour={COLOURS[operation.status]} moving={open}>
          {operation.status}
        </Badge>
      </span>
      <span className={cells.quiet}>
        <Since at={operation.createdAt} />
      </span>
      <span className={styles.detail}>
        {open ? 'for' : 'took'} {duration((ended - began) / 1000)} · asked by{' '}
        <span title={operation.requestedBy}>{actorName(operation.requestedBy)}</span>
      </span>
      {operation.note !== null && <span className={styles.detail}>{operation.note}</span>}
      {mayCancel && mayStillBeTakenBack(operation) && (
        <span>
          <Button onClick={() => cancel.mutate(operation.id)} disabled={cancel.isPending}>
            Take it back
          </Button>
        </span>
      )}
      {cancel.isError && <Problem error={cancel.error} title="It was not taken back" />}
      {operation.error !== null && (
        <span className={styles.error}>
          <code>{operation.error.code}</code> {operation.error.detail}
        </span>
      )}
    </li>
  );
}

/** A migration until its guest has left, which only the API knows. */
function mayStillBeTakenBack({ kind, status }: Operation): boolean {
  return status === 'pending' || (kind === 'migrate' && status === 'running');
}
