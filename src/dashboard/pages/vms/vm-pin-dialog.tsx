/** Changing how a VM comes to its pin: takes effect at the next cold boot, never on a resume. */
import { useState } from 'react';
import { ConfirmDialog } from '../../components/feedback/dialog.tsx';
import { Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Choice } from '../../components/forms/field.tsx';
import { usePatchVm } from '../../data/queries.ts';
import type { Vm, VmPsci } from '../../data/types.ts';
import type { Point } from '../../model/vm-actions.ts';
import { PsciChanges } from './psci-changes.tsx';
import { PsciChoice, type PsciDraft } from './psci-choice.tsx';

export function VmPinDialog({
  vm,
  locked,
  onClose,
}: {
  vm: Vm;
  locked: VmPsci['locked'];
  onClose: () => void;
}) {
  const patch = usePatchVm(vm.id);
  const toast = useToast();
  const [draft, setDraft] = useState<PsciDraft>({
    policy: vm.psci.policy,
    version: vm.psci.version ?? vm.psci.effective ?? '1.1',
    allowInsecure: vm.psci.allowInsecure,
  });
  const [force, setForce] = useState(false);
  const points: Point[] = [
    { text: 'Its guest meets the new version at its next cold boot.', weight: 'plain' },
    ...(locked === null ? [] : [{ text: locked.detail, weight: 'loss' } as const]),
  ];
  return (
    <ConfirmDialog
      open
      title={`Change the pin of ${vm.name}?`}
      points={points}
      confirm="Change the pin"
      tone={locked === null ? 'primary' : 'danger'}
      busy={patch.isPending}
      disabled={locked !== null && !force}
      onCancel={onClose}
      onConfirm={() =>
        patch.mutate(
          { patch: { psci: requestOf(draft) }, force },
          {
            onSuccess: () => {
              toast.done('The pin is changed', vm.name);
              onClose();
            },
          },
        )
      }
    >
      <PsciChoice value={draft} onChange={(part) => setDraft({ ...draft, ...part })} />
      {draft.policy === 'pinned' && vm.psci.effective !== null && draft.version !== vm.psci.effective && (
        <PsciChanges from={vm.psci.effective} to={draft.version} />
      )}
      {locked !== null && (
        <Choice
          type="checkbox"
          label="Change it all the same"
          hint="What its guest saved may not resume. This is recorded in the audit."
          checked={force}
          onChange={({ target }) => setForce(target.checked)}
        />
      )}
      {patch.isError && <Problem error={patch.error} title="The API refused" />}
    </ConfirmDialog>
  );
}

function requestOf({ policy, version, allowInsecure }: PsciDraft) {
  return policy === 'pinned' ? { policy, version, allowInsecure } : { policy };
}
