/** Planning a rollout: which VMs, to what, in which waves, and what counts as well; with whom it selects beside it. */
import { type FormEvent, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { Button, LinkButton } from '../../components/actions/button.tsx';
import { Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Choice, TextField } from '../../components/forms/field.tsx';
import { LabelsField } from '../../components/forms/labels-field.tsx';
import { NameField } from '../../components/forms/name-field.tsx';
import { VersionField, VersionNotices } from '../../components/forms/version-field.tsx';
import { Card } from '../../components/layout/card.tsx';
import { PageHead } from '../../components/layout/page.tsx';
import { newIdempotencyKey } from '../../data/api.ts';
import { usePsciVersions } from '../../data/queries.ts';
import { useCreateRollout } from '../../data/rollouts.ts';
import {
  isFaulty,
  NEW_ROLLOUT,
  type RolloutDraft,
  type RolloutErrors,
  rolloutErrors,
  toRollout,
} from '../../model/rollout-draft.ts';
import styles from '../policies/policy-form.module.css';
import { ProbeField } from './probe-field.tsx';
import { RolloutPreview } from './rollout-preview.tsx';
import { WavesField } from './waves-field.tsx';

const POLICIES = [
  { value: 'inherit', label: 'what the fleet’s policies say' },
  { value: 'sticky', label: 'sticky: what each has now, for ever' },
  { value: 'latest', label: 'latest: the newest of its host' },
] as const;

const NO_ERRORS: RolloutErrors = { fields: {}, labels: new Map(), waves: new Map(), probe: {} };

export default function RolloutNewPage() {
  const [draft, setDraft] = useState<RolloutDraft>(NEW_ROLLOUT);
  const [tried, setTried] = useState(false);
  const create = useCreateRollout();
  const navigate = useNavigate();
  const toast = useToast();
  // A second click, or a retry after a lost answer, begins no second rollout.
  const key = useRef({ body: '', key: '' });
  const errors = tried ? rolloutErrors(draft) : NO_ERRORS;
  const change = (part: Partial<RolloutDraft>) => setDraft((current) => ({ ...current, ...part }));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setTried(true);
    if (isFaulty(rolloutErrors(draft))) {
      const form = event.currentTarget;
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    const rollout = toRollout(draft);
    const body = JSON.stringify(rollout);
    if (key.current.body !== body) key.current = { body, key: newIdempotencyKey() };
    create.mutate(
      { rollout, idempotencyKey: key.current.key },
      {
        onSuccess: ({ id, name }) => {
          toast.done('The rollout has begun', name);
          void navigate(`/rollouts/${id}`);
        },
      },
    );
  }

  return (
    <>
      <PageHead title="Plan a rollout" crumb={<Link to="/rollouts">Rollouts</Link>} />
      <div className={styles.columns}>
        <form className={styles.form} onSubmit={submit} noValidate>
          <Card title="Which VMs, and to what">
            <Target draft={draft} errors={errors} onChange={change} />
          </Card>
          <Card title="Waves">
            <WavesField waves={draft.waves} errors={errors.waves} onChange={(waves) => change({ waves })} />
          </Card>
          <Card title="Care">
            <Care draft={draft} errors={errors} onChange={change} />
          </Card>
          {create.isError && <Problem error={create.error} title="The rollout was not begun" />}
          <div className={styles.submit}>
            <Button type="submit" tone="primary" disabled={create.isPending}>
              {create.isPending ? 'Beginning…' : 'Begin the rollout'}
            </Button>
            <LinkButton to="/rollouts">Cancel</LinkButton>
          </div>
        </form>
        <div className={styles.beside}>
          <RolloutPreview draft={draft} />
        </div>
      </div>
    </>
  );
}

interface Part {
  draft: RolloutDraft;
  errors: RolloutErrors;
  onChange: (part: Partial<RolloutDraft>) => void;
}

function Target({ draft, errors, onChange }: Part) {
  const versions = usePsciVersions().data ?? [];
  return (
    <div className={styles.fields}>
      <NameField
        placeholder="to-1.3"
        value={draft.name}
        error={errors.fields.name}
        onChange={(name) => onChange({ name })}
      />
      <LabelsField
        legend="Which VMs"
        none="Without a label it moves every VM."
        labels={draft.labels}
        tried={errors !== NO_ERRORS}
        onChange={(labels) => onChange({ labels })}
      />
      <VersionField
        label="Each asks from then on for"
        name="to"
        versions={versions}
        others={POLICIES}
        value={draft.to}
        onChange={(to) => onChange({ to, allowInsecure: false })}
      />
      <VersionNotices
        chosen={versions.find(({ version }) => version === draft.to)}
        consequence="no VM could start with it today."
        allowInsecure={draft.allowInsecure}
        onAllow={(allowInsecure) => onChange({ allowInsecure })}
      />
    </div>
  );
}

function Care({ draft, errors, onChange }: Part) {
  const number = (
    field: 'maxUnavailable' | 'failureThreshold' | 'stopTimeoutSeconds' | 'bootTimeoutSeconds' | 'upSeconds',
    label: string,
    hint: string,
  ) => (
    <TextField
      label={label}
      name={field}
      inputMode="numeric"
      hint={hint}
      value={draft[field]}
      error={errors.fields[field]}
      onChange={({ target }) => onChange({ [field]: target.value })}
    />
  );
  return (
    <div className={styles.fields}>
      <Choice
        type="checkbox"
        label="Restart VMs that run"
        hint="Their guests are asked to power off and are started again. Without it each changes when somebody boots it."
        checked={draft.restart}
        onChange={({ target }) => onChange({ restart: target.checked })}
      />
      {number('maxUnavailable', 'Down at once, at most', 'VMs that are stopped, booting or not yet proven.')}
      {number('failureThreshold', 'Failures it stands', 'With one more, every VM is given back what it had.')}
      {number('bootTimeoutSeconds', 'Must run within (seconds)', 'After its start.')}
      {number('upSeconds', 'and stay up for (seconds)', 'Without a reset, to count as healthy.')}
      {draft.restart &&
        number(
          'stopTimeoutSeconds',
          'Time to power off (seconds)',
          'A guest that needs longer is skipped, and runs on.',
        )}
      <ProbeField probe={draft.probe} errors={errors.probe} onChange={(probe) => onChange({ probe })} />
    </div>
  );
}
