/** How a drain deals with the VMs of its host: for the drain itself and for the kernel upgrade that begins with one. */
import { Choice, RadioGroup } from '../../components/forms/field.tsx';
import { DRAIN_CHOICES, type DrainDraft } from '../../model/host-actions.ts';

export function DrainFields({
  value,
  onChange,
}: {
  value: DrainDraft;
  onChange: (draft: DrainDraft) => void;
}) {
  return (
    <>
      <RadioGroup
        legend="What becomes of its VMs"
        choices={DRAIN_CHOICES}
        value={value.action}
        onChange={(action) => onChange({ ...value, action })}
      />
      <Choice
        type="checkbox"
        label="End guests that do not answer, or are paused"
        checked={value.force}
        onChange={({ target }) => onChange({ ...value, force: target.checked })}
      />
    </>
  );
}
