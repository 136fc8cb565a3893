/** What can be asked of a host, each with its consequences said before it is done. */
import { useState } from 'react';
import { Button } from '../../components/actions/button.tsx';
import { ConfirmDialog } from '../../components/feedback/dialog.tsx';
import { Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import {
  type HostAction,
  isUnderWay,
  useBeginDrain,
  useHostAction,
  useMaintenance,
} from '../../data/hosts.ts';
import { useCan } from '../../data/permissions.ts';
import type { Host } from '../../data/types.ts';
import {
  DRAIN_AS_EACH_SAYS,
  declareLostQuestion,
  drainBody,
  drainPoints,
  mayBeDeclaredLost,
  uncordonQuestion,
} from '../../model/host-actions.ts';
import type { Consequences } from '../../model/vm-actions.ts';
import { DrainFields } from './drain-fields.tsx';
import { UpgradeDialog } from './upgrade-dialog.tsx';

type Open = 'drain' | 'upgrade' | 'uncordon' | 'lost' | null;

export function HostActions({ host }: { host: Host }) {
  const [open, setOpen] = useState<Open>(null);
  const maintenance = useMaintenance(host.id);
  const upgrading = isUnderWay(maintenance.data ?? null);
  const cordon = useHostAction(host.id);
  const toast = useToast();
  const [mayOperate, mayGiveUp] = [useCan('operator'), useCan('admin')];
  const close = () => setOpen(null);
  if (!mayOperate) return null;
  return (
    <>
      {host.cordoned ? (
        <Button onClick={() => setOpen('uncordon')}>Uncordon…</Button>
      ) : (
        <Button
          disabled={cordon.isPending}
          onClick={() =>
            cordon.mutate('cordon', {
              onSuccess: () => toast.done('The host takes no new runs', host.name),
              onError: (error) => toast.failed(`${host.name} was not cordoned`, error),
            })
          }
        >
          Cordon
        </Button>
      )}
      <Button onClick={() => setOpen('drain')} disabled={upgrading}>
        Drain…
      </Button>
      <Button tone="primary" onClick={() => setOpen('upgrade')} disabled={upgrading}>
        Upgrade its kernel…
      </Button>
      {mayGiveUp && mayBeDeclaredLost(host) && (
        <Button tone="danger" onClick={() => setOpen('lost')}>
          Declare lost…
        </Button>
      )}
      {open === 'drain' && <DrainDialog host={host} onClose={close} />}
      {open === 'upgrade' && <UpgradeDialog host={host} onClose={close} />}
      {open === 'uncordon' && (
        <ActionDialog
          host={host}
          action={upgrading ? 'uncordonForced' : 'uncordon'}
          question={uncordonQuestion(host, maintenance.data ?? null)}
          done="The host takes runs again"
          onClose={close}
        />
      )}
      {open === 'lost' && (
        <ActionDialog
          host={host}
          action="declareLost"
          question={declareLostQuestion(host)}
          done="The host is given up"
          onClose={close}
        />
      )}
    </>
  );
}

function ActionDialog({
  host,
  action,
  question,
  done,
  onClose,
}: {
  host: Host;
  action: HostAction;
  question: Consequences;
  done: string;
  onClose: () => void;
}) {
  const act = useHostAction(host.id);
  const toast = useToast();
  return (
    <ConfirmDialog
      open
      {...question}
      busy={act.isPending}
      onCancel={onClose}
      onConfirm={() =>
        act.mutate(action, {
          onSuccess: () => {
            toast.done(done, host.name);
            onClose();
          },
        })
      }
    >
      {act.isError && <Problem error={act.error} title="The API refused" />}
    </ConfirmDialog>
  );
}

function DrainDialog({ host, onClose }: { host: Host; onClose: () => void }) {
  const [draft, setDraft] = useState(DRAIN_AS_EACH_SAYS);
  const begin = useBeginDrain(host.id);
  const toast = useToast();
  return (
    <ConfirmDialog
      open
      title={`Drain ${host.name}?`}
      points={drainPoints(host, draft)}
      confirm="Drain it"
      tone={draft.force ? 'danger' : 'primary'}
      busy={begin.isPending}
      onCancel={onClose}
      onConfirm={() =>
        begin.mutate(drainBody(draft), {
          onSuccess: () => {
            toast.done('The drain has begun', host.name);
            onClose();
          },
        })
      }
    >
      <DrainFields value={draft} onChange={setDraft} />
      {begin.isError && <Problem error={begin.error} title="The API refused" />}
    </ConfirmDialog>
  );
}
