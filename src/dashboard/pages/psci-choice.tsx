/** Choosing how a VM comes to its PSCI version, with what each choice means for its guest. */
import { useId } from 'react';
import { Choice, ChoiceGroup, SelectField } from '../components/field.tsx';
import { Loading, Notice, Problem } from '../components/notice.tsx';
import { Stack } from '../components/page.tsx';
import { usePsciVersions } from '../data/queries.ts';
import type { PsciPolicyName, PsciVersion, PsciVersionInfo } from '../data/types.ts';
import { versionWords } from '../model/pin-words.ts';

export interface PsciDraft {
  policy: PsciPolicyName;
  version: PsciVersion;
  allowInsecure: boolean;
}

const POLICIES: readonly { policy: PsciPolicyName; label: string; hint: string }[] = [
  {
    policy: 'inherit',
    label: 'The fleet’s default',
    hint: 'Taken over at each cold boot; the same for every VM that asks for nothing else.',
  },
  { policy: 'pinned', label: 'Its own pin', hint: 'The version stays until somebody changes it here.' },
  {
    policy: 'sticky',
    label: 'Its first host’s',
    hint: 'Whatever that host gives by itself, then kept for ever.',
  },
  {
    policy: 'latest',
    label: 'Always the newest',
    hint: 'Moves with the host’s kernel at each cold boot. For guests that do not mind.',
  },
];

export function PsciChoice({
  value,
  onChange,
}: {
  value: PsciDraft;
  onChange: (part: Partial<PsciDraft>) => void;
}) {
  const group = useId();
  const versions = usePsciVersions();
  return (
    <Stack>
      <ChoiceGroup legend="Where the version comes from">
        {POLICIES.map(({ policy, label, hint }) => (
          <Choice
            key={policy}
            type="radio"
            name={group}
            label={label}
            hint={hint}
            checked={value.policy === policy}
            onChange={() => onChange({ policy })}
          />
        ))}
      </ChoiceGroup>
      {value.policy === 'pinned' && versions.isPending && <Loading what="the versions" />}
      {value.policy === 'pinned' && versions.isError && (
        <Problem error={versions.error} title="The versions cannot be read" />
      )}
      {value.policy === 'pinned' && versions.data !== undefined && (
        <Pin value={value} onChange={onChange} versions={versions.data} />
      )}
    </Stack>
  );
}

function Pin({
  value,
  onChange,
  versions,
}: {
  value: PsciDraft;
  onChange: (part: Partial<PsciDraft>) => void;
  versions: readonly PsciVersionInfo[];
}) {
  const chosen = versions.find(({ version }) => version === value.version);
  return (
    <>
      <SelectField
        label="PSCI version"
        name="psci-version"
        value={value.version}
        onChange={({ target }) => {
          const next = versions.find(({ version }) => version === target.value);
          if (next !== undefined) onChange({ version: next.version, allowInsecure: false });
        }}
        hint={chosen === undefined ? null : versionWords(chosen)}
      >
        {versions.toReversed().map(({ version }) => (
          <option key={version}>{version}</option>
        ))}
      </SelectField>
      {chosen?.hosts === 0 && (
        <Notice tone="warning">No host accepts PSCI {chosen.version}: the VM could not start today.</Notice>
      )}
      {chosen?.insecure === true && (
        <Notice tone="danger" title={`PSCI ${chosen.version} is below the security floor`}>
          <p>Its guests find no SMCCC 1.1 mitigations (Spectre and later). Use 1.0 or newer where you can.</p>
          <Choice
            type="checkbox"
            label="Allow it all the same"
            checked={value.allowInsecure}
            onChange={({ target }) => onChange({ allowInsecure: target.checked })}
          />
        </Notice>
      )}
    </>
  );
}
