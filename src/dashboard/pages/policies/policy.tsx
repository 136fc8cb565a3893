/** One policy: what it says, whom it decides, what it said before, and changing it with the dry run beside the form. */
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { Id } from '../../components/actions/copy.tsx';
import { Badge, PhaseBadge, Version } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { ConfirmDialog } from '../../components/feedback/dialog.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Card, Facts } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { MoreOf } from '../../components/layout/more-rows.tsx';
import { Columns, PageHead, Stack } from '../../components/layout/page.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { useDebounced } from '../../data/debounced.ts';
import { useCan } from '../../data/permissions.ts';
import {
  useChangePolicy,
  useDeletePolicy,
  usePolicies,
  usePolicy,
  usePolicyRevisions,
  useSelectedVms,
} from '../../data/policies.ts';
import { statusOf } from '../../data/problems.ts';
import type { Policy, PolicyRevision, Vm } from '../../data/types.ts';
import { actorName, count } from '../../model/format.ts';
import { hasErrors, policyErrors, toPolicy, toPolicyDraft, toProposal } from '../../model/policy-draft.ts';
import { givesWords, pinSourceWords } from '../../model/policy-words.ts';
import { selectorWords } from '../../model/selector.ts';
import { DryRun, DryRunCard } from './dry-run.tsx';
import { EnforcementBadge } from './policies.tsx';
import { PolicyFields } from './policy-fields.tsx';
import styles from './policy-form.module.css';
import { STILL_MS } from './policy-new.tsx';

export default function PolicyPage() {
  const { policyId = '' } = useParams();
  const policy = usePolicy(policyId);
  const mayWrite = useCan('operator');
  // The revision that is being edited: another one that comes meanwhile does not overwrite what is typed.
  const [editing, setEditing] = useState<Policy | null>(null);
  const [deleting, setDeleting] = useState(false);
  const crumb = <Link to="/policies">Policies</Link>;
  const { data } = policy;
  if (data === undefined) {
    const gone = statusOf(policy.error) === 404;
    return (
      <>
        <PageHead title="Policy" crumb={crumb} />
        {policy.isPending && <Loading what="the policy" />}
        {gone && (
          <Stack>
            <Notice tone="warning" title="There is no such policy">
              <p>It may have been deleted. Pins and events still name what it said.</p>
            </Notice>
            <RevisionsCard policyId={policyId} />
          </Stack>
        )}
        {policy.isError && !gone && <Problem error={policy.error} title="The policy cannot be read" />}
      </>
    );
  }
  return (
    <>
      <PageHead
        title={data.name}
        crumb={crumb}
        beside={<EnforcementBadge enforcement={data.enforcement} />}
        actions={
          mayWrite &&
          editing === null && (
            <>
              <Button onClick={() => setDeleting(true)}>Delete…</Button>
              <Button tone="primary" onClick={() => setEditing(data)}>
                Change it
              </Button>
            </>
          )
        }
      />
      {editing === null ? (
        <Columns
          aside={
            <>
              <SaysCard policy={data} />
              <RevisionsCard policyId={data.id} />
            </>
          }
        >
          <SelectedVmsCard policy={data} />
        </Columns>
      ) : (
        <PolicyForm key={editing.revision} before={editing} onClose={() => setEditing(null)} />
      )}
      {deleting && <DeleteDialog policy={data} onClose={() => setDeleting(false)} />}
    </>
  );
}

function SaysCard({ policy }: { policy: Policy }) {
  return (
    <Card title="What it says">
      <Facts
        facts={[
          ['VMs with', selectorWords(policy.selector, 'any labels')],
          ['Each', givesWords(policy.version)],
          ['Priority', policy.priority.toLocaleString('en')],
          ['Selects', count(policy.vms, 'VM')],
          ['Revision', `${policy.revision}, by ${actorName(policy.changedBy)}`],
          ['Since', <Since key="since" at={policy.changedAt} />],
          ['Id', <Id key="id" id={policy.id} what="the policy’s id" />],
        ]}
      />
    </Card>
  );
}

const OWN_WORDS = {
  pinned: 'its own pin',
  sticky: 'itself: sticky',
  latest: 'itself: latest',
} as const;

function SelectedVmsCard({ policy }: { policy: Policy }) {
  const list = useSelectedVms(policy.selector, 50);
  const names = new Map((usePolicies().data ?? []).map(({ id, name }) => [id, name]));
  const columns: readonly Column<Vm>[] = [
    {
      header: 'VM',
      firm: true,
      cell: ({ id, name }) => (
        <Link to={`/vms/${id}`} className={cells.name}>
          {name}
        </Link>
      ),
    },
    { header: 'Phase', cell: ({ phase, reason }) => <PhaseBadge phase={phase} reason={reason} /> },
    {
      header: 'PSCI',
      firm: true,
      cell: ({ psci }) =>
        psci.effective === null ? (
          <span className={cells.quiet}>at its first start</span>
        ) : (
          <Version version={psci.effective} />
        ),
    },
    {
      header: 'Decided by',
      cell: ({ psci }) =>
        psci.source === `policy:${policy.id}` ? (
          <Badge colour="green">this policy</Badge>
        ) : (
          <span className={cells.quiet}>
            {psci.policy === 'inherit' ? pinSourceWords(psci.source, names) : OWN_WORDS[psci.policy]}
          </span>
        ),
    },
  ];
  return (
    <Card title="VMs that it selects" count={policy.vms.toLocaleString('en')} flush>
      {list.error !== null && <Problem error={list.error} title="The VMs cannot be read" />}
      {list.items === undefined && list.error === null && <Loading what="the VMs" />}
      {list.items?.length === 0 && (
        <Empty title="It selects no VM">
          <p>VMs with these labels come under it as they are created.</p>
        </Empty>
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <Table label="VMs that it selects" columns={columns} rows={list.items} rowKey={({ id }) => id} />
      )}
      <MoreOf list={list} />
    </Card>
  );
}

const REVISION_COLUMNS: readonly Column<PolicyRevision>[] = [
  { header: 'Revision', firm: true, cell: ({ revision }) => `Revision ${revision}` },
  {
    header: 'Said',
    cell: ({ version, selector, priority, enforcement }) => (
      <span className={cells.line}>
        <Version version={version} />
        <span className={cells.quiet}>
          {selectorWords(selector, 'every VM')}, priority {priority}
          {enforcement === 'audit' && ', audited only'}
        </span>
      </span>
    ),
  },
  {
    header: 'By',
    cell: ({ changedBy, changedAt }) => (
      <span className={cells.quiet}>
        {actorName(changedBy)} <Since at={changedAt} />
      </span>
    ),
  },
];

function RevisionsCard({ policyId }: { policyId: string }) {
  const list = usePolicyRevisions(policyId);
  return (
    <Card title="Revisions" flush>
      {list.error !== null && <Problem error={list.error} title="The revisions cannot be read" />}
      {list.items !== undefined && (
        <Table
          label="Revisions"
          columns={REVISION_COLUMNS}
          rows={list.items}
          rowKey={({ revision }) => String(revision)}
        />
      )}
      <MoreOf list={list} />
    </Card>
  );
}

function PolicyForm({ before, onClose }: { before: Policy; onClose: () => void }) {
  const [draft, setDraft] = useState(() => toPolicyDraft(before));
  const [tried, setTried] = useState(false);
  const change = useChangePolicy(before);
  const toast = useToast();
  const content = toProposal(useDebounced(draft, STILL_MS));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setTried(true);
    if (hasErrors(policyErrors(draft))) return;
    change.mutate(toPolicy(draft), {
      onSuccess: () => {
        toast.done('The policy is changed', draft.name);
        onClose();
      },
    });
  }

  return (
    <div className={styles.columns}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Card title={`Change revision ${before.revision}`}>
          <PolicyFields
            draft={draft}
            errors={tried ? policyErrors(draft) : null}
            onChange={(part) => setDraft({ ...draft, ...part })}
          />
        </Card>
        {change.isError && (
          <Problem
            error={change.error}
            title={
              statusOf(change.error) === 412
                ? 'Somebody changed it meanwhile: cancel, and look at it again'
                : 'The policy was not changed'
            }
          />
        )}
        <div className={styles.submit}>
          <Button type="submit" tone="primary" disabled={change.isPending}>
            {change.isPending ? 'Saving…' : `Save as revision ${before.revision + 1}`}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
      <div className={styles.beside}>
        <DryRunCard proposal={content === null ? null : { policyId: before.id, content, before }} />
      </div>
    </div>
  );
}

function DeleteDialog({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const remove = useDeletePolicy(policy);
  const navigate = useNavigate();
  const toast = useToast();
  return (
    <ConfirmDialog
      open
      title={`Delete the policy ${policy.name}?`}
      points={[
        {
          text: 'The VMs that it decides fall to the next policy that selects them, or to the fleet’s default, at their next cold boot.',
          weight: 'plain',
        },
      ]}
      confirm="Delete"
      tone="danger"
      busy={remove.isPending}
      onCancel={onClose}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            toast.done('The policy is deleted', policy.name);
            void navigate('/policies');
          },
        })
      }
    >
      <DryRun proposal={{ policyId: policy.id, content: null }} />
      {remove.isError && <Problem error={remove.error} title="It was not deleted" />}
    </ConfirmDialog>
  );
}
