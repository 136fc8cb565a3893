/** Writing a policy, with what it would do beside it. */
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { Button, LinkButton } from '../../components/actions/button.tsx';
import { Loading, Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Card } from '../../components/layout/card.tsx';
import { PageHead } from '../../components/layout/page.tsx';
import { useDebounced } from '../../data/debounced.ts';
import { useCreatePolicy, usePolicies } from '../../data/policies.ts';
import {
  freePriority,
  hasErrors,
  NEW_POLICY,
  type PolicyDraft,
  policyErrors,
  toPolicy,
  toProposal,
} from '../../model/policy-draft.ts';
import { DryRunCard } from './dry-run.tsx';
import { PolicyFields } from './policy-fields.tsx';
import styles from './policy-form.module.css';

/** How long the form must be still before the API is asked. */
export const STILL_MS = 300;

export default function PolicyNewPage() {
  const policies = usePolicies();
  return (
    <>
      <PageHead title="Write a policy" crumb={<Link to="/policies">Policies</Link>} />
      {policies.isError && <Problem error={policies.error} title="The other policies cannot be read" />}
      {policies.isPending && <Loading what="the other policies" />}
      {policies.data !== undefined && <PolicyForm priority={freePriority(policies.data)} />}
    </>
  );
}

function PolicyForm({ priority }: { priority: number }) {
  const [draft, setDraft] = useState<PolicyDraft>({ ...NEW_POLICY, priority: String(priority) });
  const [tried, setTried] = useState(false);
  const create = useCreatePolicy();
  const navigate = useNavigate();
  const toast = useToast();
  const asked = useDebounced(draft, STILL_MS);
  const content = toProposal(asked);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setTried(true);
    if (hasErrors(policyErrors(draft))) {
      const form = event.currentTarget;
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    create.mutate(toPolicy(draft), {
      onSuccess: ({ id, name }) => {
        toast.done('The policy is written', name);
        void navigate(`/policies/${id}`);
      },
    });
  }

  return (
    <div className={styles.columns}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Card title="Policy">
          <PolicyFields
            draft={draft}
            errors={tried ? policyErrors(draft) : null}
            onChange={(part) => setDraft({ ...draft, ...part })}
          />
        </Card>
        {create.isError && <Problem error={create.error} title="The policy was not written" />}
        <div className={styles.submit}>
          <Button type="submit" tone="primary" disabled={create.isPending}>
            {create.isPending ? 'Writing…' : 'Write the policy'}
          </Button>
          <LinkButton to="/policies">Cancel</LinkButton>
        </div>
      </form>
      <div className={styles.beside}>
        <DryRunCard proposal={content === null ? null : { policyId: null, content }} />
      </div>
    </div>
  );
}
