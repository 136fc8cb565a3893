/** Choosing how a VM comes to its PSCI version, with what each choice means for its guest. */
import { useId } from 'react';
import { Choice, ChoiceGroup, SelectField } from '../components/field.tsx';
import { Notice } from '../components/notice.tsx';
import { Stack } from '../components/page.tsx';
import type { Host, PsciPolicyName, PsciVersion } from '../data/types.ts';
import { count } from '../format.ts';
import { detectsHibernation, isInsecure, PSCI_VERSIONS } from '../psci.ts';

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
  hosts,
}: {
  value: PsciDraft;
  onChange: (part: Partial<PsciDraft>) => void;
  hosts: readonly Host[];
}) {
  const group = useId();
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
      {value.policy === 'pinned' && <Pin value={value} onChange={onChange} hosts={hosts} />}
    </Stack>
  );
}

function Pin({
  value,
  onChange,
  hosts,
}: {
  value: PsciDraft;
  onChange: (part: Partial<PsciDraft>) => void;
  hosts: readonly Host[];
}) {
  const { version } = value;
  const accepting = hosts.filter((host) => host.psci.accepted.includes(version)).length;
  return (
    <>
      <SelectField
        label="PSCI version"
        name="psci-version"
        value={version}
        onChange={(event) => {
          const chosen = PSCI_VERSIONS.find((known) => known === event.target.value);
          if (chosen !== undefined) onChange({ version: chosen, allowInsecure: false });
        }}
        hint={
          hosts.length === 0
            ? 'No host has enrolled yet.'
            : `${count(accepting, 'host')} of ${hosts.length} accept${accepting === 1 ? 's' : ''} it.${detectsHibernation(version) ? ' The guest can say that it hibernates (SYSTEM_OFF2).' : ' The guest cannot say that it hibernates: that came with 1.3.'}`
        }
      >
        {PSCI_VERSIONS.toReversed().map((known) => (
          <option key={known}>{known}</option>
        ))}
      </SelectField>
      {hosts.length > 0 && accepting === 0 && (
        <Notice tone="warning">No host accepts PSCI {version}: the VM could not start today.</Notice>
      )}
      {isInsecure(version) && (
        <Notice tone="danger" title={`PSCI ${version} is below the security floor`}>
          <p>Its guests find no SMCCC 1.1 mitigations (Spectre and later). Use 1.0 or newer where you can.</p>
          <Choice
            type="checkbox"
            label="Allow it all the same"
            checked={value.allowInsecure}
            onChange={(event) => onChange({ allowInsecure: event.target.checked })}
          />
        </Notice>
      )}
    </>
  );
}
