/** How a drain deals with the VMs of its host: for the drain itself and for the kernel upgrade that begins with one. */
import { useId } from 'react';
import { Choice, ChoiceGroup } from '../../components/field.tsx';
import { DRAIN_CHOICES, type DrainDraft } from '../../model/host-actions.ts';

export function DrainFields({
  value,
  onChange,
}: {
  value: DrainDraft;
  onChange: (draft: DrainDraft) => void;
}) {
  const group = useId();
  return (
    <>
      <ChoiceGroup legend="What becomes of its VMs">
        {DRAIN_CHOICES.map(({ action, label, hint }) => (
          <Choice
            key={action}
            type="radio"
            name={group}
            label={label}
            hint={hint}
            checked={value.action === action}
            onChange={() => onChange({ ...value, action })}
          />
        ))}
      </ChoiceGroup>
      <Choice
        type="checkbox"
        label="End guests that do not answer, or are paused"
        checked={value.force}
        onChange={({ target }) => onChange({ ...value, force: target.checked })}
      />
    </>
  );
}
