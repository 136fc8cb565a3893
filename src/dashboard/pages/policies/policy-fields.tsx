/** The fields of a fleet policy. */
import { useId } from 'react';
import { Choice, ChoiceGroup, SelectField, TextField } from '../../components/field.tsx';
import { LabelsField } from '../../components/labels-field.tsx';
import { usePsciVersions } from '../../data/queries.ts';
import { versionWords } from '../../model/pin-words.ts';
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

export function PolicyFields({
  draft,
  errors,
  onChange,
}: {
  draft: PolicyDraft;
  errors: PolicyErrors | null;
  onChange: (part: Partial<PolicyDraft>) => void;
}) {
  const group = useId();
  const versions = usePsciVersions().data ?? [];
  const secure = versions.filter(({ insecure }) => !insecure).toReversed();
  const chosen = secure.find(({ version }) => version === draft.version);
  const hint =
    chosen === undefined
      ? FOLLOWING.find(({ value }) => value === draft.version)?.hint
      : versionWords(chosen);
  return (
    <div className={styles.fields}>
      <TextField
        label="Name"
        name="name"
        autoComplete="off"
        spellCheck={false}
        placeholder="team-a"
        value={draft.name}
        error={errors?.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <LabelsField
        legend="Which VMs"
        none="Without a label it selects every VM."
        labels={draft.labels}
        onChange={(labels) => onChange({ labels })}
      />
      <SelectField
        label="What they get"
        name="version"
        hint={hint}
        value={draft.version}
        onChange={({ target }) => {
          const following = FOLLOWING.find(({ value }) => value === target.value)?.value;
          const version = following ?? secure.find((known) => known.version === target.value)?.version;
          if (version === undefined || version === '0.1' || version === '0.2') return;
          onChange({ version });
        }}
      >
        {secure.map(({ version }) => (
          <option key={version} value={version}>
            PSCI {version}
          </option>
        ))}
        {FOLLOWING.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Priority"
        name="priority"
        inputMode="numeric"
        hint="Of the enforced policies that select a VM, the one with the highest decides."
        value={draft.priority}
        error={errors?.priority}
        onChange={({ target }) => onChange({ priority: target.value })}
      />
      <ChoiceGroup legend="Enforcement">
        <Choice
          type="radio"
          name={group}
          label="Enforce"
          hint="It decides at the next cold boot of each VM."
          checked={draft.enforcement === 'enforce'}
          onChange={() => onChange({ enforcement: 'enforce' })}
        />
        <Choice
          type="radio"
          name={group}
          label="Audit only"
          hint="It is listed with what it would give, and never applied."
          checked={draft.enforcement === 'audit'}
          onChange={() => onChange({ enforcement: 'audit' })}
        />
      </ChoiceGroup>
    </div>
  );
}
