/** Choosing how a VM comes to its PSCI version, with what each choice means for its guest. */

import { Loading, Problem } from '../../components/feedback/notice.tsx';
import { RadioGroup } from '../../components/forms/field.tsx';
import { VersionField, VersionNotices } from '../../components/forms/version-field.tsx';
import { Stack } from '../../components/layout/page.tsx';
import { usePsciVersions } from '../../data/queries.ts';
import type { PsciPolicyName, PsciVersion, PsciVersionInfo } from '../../data/types.ts';

export interface PsciDraft {
  policy: PsciPolicyName;
  version: PsciVersion;
  allowInsecure: boolean;
}

const POLICIES: readonly { value: PsciPolicyName; label: string; hint: string }[] = [
  {
    value: 'inherit',
    label: 'The fleet’s default',
    hint: 'Taken over at each cold boot; the same for every VM that asks for nothing else.',
  },
  { value: 'pinned', label: 'Its own pin', hint: 'The version stays until somebody changes it here.' },
  {
    value: 'sticky',
    label: 'Its first host’s',
    hint: 'Whatever that host gives by itself, then kept for ever.',
  },
  {
    value: 'latest',
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
  const versions = usePsciVersions();
  return (
    <Stack>
      <RadioGroup
        legend="Where the version comes from"
        choices={POLICIES}
        value={value.policy}
        onChange={(policy) => onChange({ policy })}
      />
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
  return (
    <>
      <VersionField
        label="PSCI version"
        name="psci-version"
        versions={versions}
        value={value.version}
        onChange={(version) => onChange({ version, allowInsecure: false })}
      />
      <VersionNotices
        chosen={versions.find(({ version }) => version === value.version)}
        consequence="the VM could not start today."
        allowInsecure={value.allowInsecure}
        onAllow={(allowInsecure) => onChange({ allowInsecure })}
      />
    </>
  );
}
