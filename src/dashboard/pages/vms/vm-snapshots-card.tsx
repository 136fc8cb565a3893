/** The snapshots of a VM: to take one, to start a VM from one, to delete one. */
import { Camera, CirclePlay, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Button, IconButton } from '../../components/actions/button.tsx';
import { Version } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { ConfirmDialog } from '../../components/feedback/dialog.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { TextField } from '../../components/forms/field.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { newIdempotencyKey } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import {
  type Snapshot,
  useDeleteSnapshot,
  useSnapshots,
  useTakeSnapshot,
  useVmFromSnapshot,
} from '../../data/snapshots.ts';
import type { Vm } from '../../data/types.ts';
import { isName, NAME_RULE } from '../../model/draft-rules.ts';
import { bytes, shortId } from '../../model/format.ts';
import { deletionPoints, restorationPoints, snapshotPoints } from '../../model/snapshot-words.ts';
import styles from './vm-operations-card.module.css';

/** Whether there is a guest to save. */
const hasGuest = ({ phase }: Vm) => phase === 'running' || phase === 'paused';

type Asking = { what: 'take' } | { what: 'start' | 'delete'; snapshot: Snapshot };

export function VmSnapshotsCard({ vm }: { vm: Vm }) {
  const snapshots = useSnapshots(vm.id);
  const mayAct = useCan('operator');
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  return (
    <Card
      title="Snapshots"
      count={snapshots.data?.length}
      flush
      actions={
        mayAct && (
          <Button onClick={() => setAsking({ what: 'take' })} disabled={!hasGuest(vm)}>
            <Camera size={16} aria-hidden />
            Take one…
          </Button>
        )
      }
    >
      {snapshots.isError && <Problem error={snapshots.error} title="The snapshots cannot be read" />}
      {snapshots.isPending && <Loading what="snapshots" />}
      {snapshots.data?.length === 0 && (
        <Empty title="None yet">
          <p>A snapshot holds memory, CPUs, devices and disks as they were at one instant.</p>
        </Empty>
      )}
      <ol className={styles.list} aria-label="Snapshots">
        {snapshots.data?.map((snapshot) => (
          <li key={snapshot.id} className={styles.row}>
            <span className={cells.line}>
              <strong className={cells.name}>{nameOf(snapshot)}</strong>
              <Version version={snapshot.psci} />
            </span>
            <span className={cells.quiet}>
              <Since at={snapshot.savedAt} />
            </span>
            <span className={styles.detail}>
              {bytes(snapshot.sizeBytes)} · the guest stood still for {Math.ceil(snapshot.pauseMilliseconds)}{' '}
              ms
            </span>
            {mayAct && (
              <span className={cells.line}>
                <Button onClick={() => setAsking({ what: 'start', snapshot })}>
                  <CirclePlay size={16} aria-hidden />
                  New VM from it…
                </Button>
                <IconButton
                  label={`Delete the snapshot ${nameOf(snapshot)}`}
                  onClick={() => setAsking({ what: 'delete', snapshot })}
                >
                  <Trash2 size={16} aria-hidden />
                </IconButton>
              </span>
            )}
          </li>
        ))}
      </ol>
      {asking?.what === 'take' && <TakeDialog vm={vm} onClose={close} />}
      {asking?.what === 'start' && <StartDialog vm={vm} snapshot={asking.snapshot} onClose={close} />}
      {asking?.what === 'delete' && <DeleteDialog vm={vm} snapshot={asking.snapshot} onClose={close} />}
    </Card>
  );
}

function nameOf({ name, id }: Pick<Snapshot, 'name' | 'id'>): string {
  return name ?? shortId(id);
}

function TakeDialog({ vm, onClose }: { vm: Vm; onClose: () => void }) {
  const take = useTakeSnapshot(vm.id);
  const toast = useToast();
  const [name, setName] = useState('');
  const [idempotencyKey] = useState(newIdempotencyKey);
  const wrong = name !== '' && !isName(name);
  return (
    <ConfirmDialog
      open
      title={`Take a snapshot of ${vm.name}?`}
      points={snapshotPoints(vm)}
      confirm="Take the snapshot"
      tone="primary"
      busy={take.isPending}
      disabled={wrong}
      onCancel={onClose}
      onConfirm={() =>
        take.mutate(
          { name, idempotencyKey: `${idempotencyKey}-${name}` },
          {
            onSuccess: () => {
              toast.done('Snapshot asked for', vm.name);
              onClose();
            },
          },
        )
      }
    >
      <TextField
        label="Name (optional)"
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={wrong ? NAME_RULE : null}
        onChange={({ target }) => setName(target.value)}
      />
      {take.isError && <Problem error={take.error} title="The API refused" />}
    </ConfirmDialog>
  );
}

function StartDialog({ vm, snapshot, onClose }: { vm: Vm; snapshot: Snapshot; onClose: () => void }) {
  const create = useVmFromSnapshot();
  const navigate = useNavigate();
  const [name, setName] = useState(`${vm.name}-copy`.slice(0, 63));
  const [idempotencyKey] = useState(newIdempotencyKey);
  const wrong = !isName(name);
  return (
    <ConfirmDialog
      open
      title={`Start a VM from ${nameOf(snapshot)}?`}
      points={restorationPoints(snapshot)}
      confirm="Create and start it"
      tone="primary"
      busy={create.isPending}
      disabled={wrong}
      onCancel={onClose}
      onConfirm={() =>
        create.mutate(
          {
            name,
            snapshotId: snapshot.id,
            powerState: 'running',
            idempotencyKey: `${idempotencyKey}-${name}`,
          },
          { onSuccess: ({ id }) => void navigate(`/vms/${id}`) },
        )
      }
    >
      <TextField
        label="Name of the new VM"
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={wrong ? NAME_RULE : null}
        onChange={({ target }) => setName(target.value)}
      />
      {create.isError && <Problem error={create.error} title="The API refused" />}
    </ConfirmDialog>
  );
}

function DeleteDialog({ vm, snapshot, onClose }: { vm: Vm; snapshot: Snapshot; onClose: () => void }) {
  const remove = useDeleteSnapshot(vm.id);
  const toast = useToast();
  return (
    <ConfirmDialog
      open
      title={`Delete the snapshot ${nameOf(snapshot)}?`}
      points={deletionPoints()}
      confirm="Delete"
      tone="danger"
      busy={remove.isPending}
      onCancel={onClose}
      onConfirm={() =>
        remove.mutate(snapshot.id, {
          onSuccess: () => {
            toast.done('The snapshot is deleted', nameOf(snapshot));
            onClose();
          },
        })
      }
    >
      {remove.isError && <Problem error={remove.error} title="The API refused" />}
    </ConfirmDialog>
  );
}
