/** The fields of a fleet policy. */
import { RadioGroup, TextField } from '../../components/forms/field.tsx';
import { LabelsField } from '../../components/forms/labels-field.tsx';
import { NameField } from '../../components/forms/name-field.tsx';
import { VersionField } from '../../components/forms/version-field.tsx';
import { usePsciVersions } from '../../data/queries.ts';
import type { PolicyDraft, PolicyErrors } from '../../model/policy-draft.ts';
import styles from './policy-form.module.css';

const FOLLOWING = [
  {
    value: 'sticky',
    label: 'sticky: what a VM had at its last boot',
    hint: 'Moves nobody, and no kernel upgrade does.',
  },
  {
    value: 'latest',
    label: 'latest: the newest of its host',
    hint: 'A host’s kernel upgrade changes the firmware of these VMs at their next cold boot.',
  },
] as const;

const ENFORCEMENTS = [
  { value: 'enforce', label: 'Enforce', hint: 'It decides at the next cold boot of each VM.' },
  {
    value: 'audit',
    label: 'Audit only',
    hint: 'It is listed with what it would give, and never applied.',
  },
] as const;

export function PolicyFields({
  draft,
  errors,
  onChange,
}: {
  draft: PolicyDraft;
  errors: PolicyErrors | null;
  onChange: (part: Partial<PolicyDraft>) => void;
}) {
  const versions = usePsciVersions().data ?? [];
  return (
    <div className={styles.fields}>
      <NameField
        placeholder="team-a"
        value={draft.name}
        error={errors?.name}
        onChange={(name) => onChange({ name })}
      />
      <LabelsField
        legend="Which VMs"
        none="Without a label it selects every VM."
        labels={draft.labels}
        tried={errors !== null}
        onChange={(labels) => onChange({ labels })}
      />
      <VersionField
        label="What they get"
        name="version"
        versions={versions.filter(({ insecure }) => !insecure)}
        others={FOLLOWING}
        value={draft.version}
        onChange={(version) => {
          if (version !== '0.1' && version !== '0.2') onChange({ version });
        }}
      />
      <TextField
        label="Priority"
        name="priority"
        inputMode="numeric"
        hint="Of the enforced policies that select a VM, the one with the highest decides."
        value={draft.priority}
        error={errors?.priority}
        onChange={({ target }) => onChange({ priority: target.value })}
      />
      <RadioGroup
        legend="Enforcement"
        choices={ENFORCEMENTS}
        value={draft.enforcement}
        onChange={(enforcement) => onChange({ enforcement })}
      />
    </div>
  );
}
