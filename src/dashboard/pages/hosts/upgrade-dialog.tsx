/** Beginning a guided kernel upgrade: which kernel is to come, what becomes of the VMs, and what the preflight says. */
import { useState } from 'react';
import { Link } from 'react-router';
import { ProblemError } from '../../../client/client.ts';
import { ConfirmDialog } from '../../components/feedback/dialog.tsx';
import { Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Choice, RadioGroup } from '../../components/forms/field.tsx';
import { VersionField } from '../../components/forms/version-field.tsx';
import { useBeginMaintenance } from '../../data/hosts.ts';
import { useHosts, usePsciVersions } from '../../data/queries.ts';
import type { Host, NewPreflight, PsciVersion } from '../../data/types.ts';
import { DRAIN_AS_EACH_SAYS, drainBody } from '../../model/host-actions.ts';
import type { Point } from '../../model/vm-actions.ts';
import { DrainFields } from './drain-fields.tsx';
import { HostSelect } from './host-select.tsx';

type TargetKind = 'unknown' | 'version' | 'host';

const KINDS: readonly { value: TargetKind; label: string; hint?: string }[] = [
  {
    value: 'unknown',
    label: 'I do not know what it accepts',
    hint: 'Nothing is foretold; it is only measured afterwards.',
  },
  { value: 'version', label: 'One whose newest PSCI version I know' },
  {
    value: 'host',
    label: 'One that another host has already',
    hint: 'The surest: what that host answers was measured.',
  },
];

const POINTS: readonly Point[] = [
  {
    text: 'First its VMs are dealt with and the host is emptied; then it waits for you to reboot it.',
    weight: 'plain',
  },
  {
    text: 'What the new kernel accepts and answers is held against what its VMs have, before any of them runs there again.',
    weight: 'plain',
  },
];

export function UpgradeDialog({ host, onClose }: { host: Host; onClose: () => void }) {
  const hosts = useHosts();
  const versions = usePsciVersions();
  const begin = useBeginMaintenance(host.id);
  const toast = useToast();
  const [kind, setKind] = useState<TargetKind>('unknown');
  const [version, setVersion] = useState<PsciVersion>('1.3');
  const [likeHostId, setLikeHostId] = useState('');
  const [drain, setDrain] = useState(DRAIN_AS_EACH_SAYS);
  const [despite, setDespite] = useState(false);
  const objection =
    begin.error instanceof ProblemError && begin.error.code === 'PREFLIGHT_OBJECTS' ? begin.error : null;
  const target = targetOf(kind, version, likeHostId);
  const others = (hosts.data ?? []).filter(({ id }) => id !== host.id);

  const choose = (next: TargetKind) => {
    setKind(next);
    setDespite(false);
    begin.reset();
  };

  return (
    <ConfirmDialog
      open
      title={`Upgrade the kernel of ${host.name}?`}
      points={POINTS}
      confirm={despite ? 'Begin all the same' : 'Begin'}
      tone={despite || drain.force ? 'danger' : 'primary'}
      busy={begin.isPending}
      disabled={kind === 'host' && likeHostId === ''}
      onCancel={onClose}
      onConfirm={() =>
        begin.mutate(
          { body: { ...drainBody(drain), ...(target === null ? {} : { target }) }, force: despite },
          {
            onSuccess: () => {
              toast.done('The upgrade has begun', host.name);
              onClose();
            },
          },
        )
      }
    >
      <RadioGroup legend="Which kernel is to come" choices={KINDS} value={kind} onChange={choose} />
      {kind === 'version' && (
        <VersionField
          label="Its newest PSCI version"
          versions={versions.data ?? []}
          value={version}
          hint={null}
          onChange={(next) => setVersion(next)}
        />
      )}
      {kind === 'host' && (
        <HostSelect label="Like that of" hosts={others} value={likeHostId} onChange={setLikeHostId} />
      )}
      <DrainFields value={drain} onChange={setDrain} />
      {begin.isError && <Problem error={begin.error} title="It was not begun" />}
      {objection !== null && (
        <>
          <PreflightLink detail={objection.message} />
          <Choice
            type="checkbox"
            label="Begin although these VMs could not start there"
            hint="This is recorded in the audit."
            checked={despite}
            onChange={({ target: { checked } }) => setDespite(checked)}
          />
        </>
      )}
    </ConfirmDialog>
  );
}

/** The refusal names the preflight that it goes by. */
function PreflightLink({ detail }: { detail: string }) {
  const id = /\/v1\/preflights\/([0-9a-f-]{36})/.exec(detail)?.[1];
  return id === undefined ? null : <Link to={`/preflights/${id}`}>See which VMs, and why</Link>;
}

function targetOf(kind: TargetKind, version: PsciVersion, likeHostId: string): NewPreflight['target'] | null {
  switch (kind) {
    case 'unknown':
      return null;
    case 'version':
      return { version };
    case 'host':
      return likeHostId === '' ? null : { hostId: likeHostId };
  }
}
