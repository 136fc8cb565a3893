/** Asking what another kernel would show to guests, and the answers that were given. The address may hold the question. */
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { RadioGroup, SelectField } from '../../components/forms/field.tsx';
import { LabelsField } from '../../components/forms/labels-field.tsx';
import { VersionField } from '../../components/forms/version-field.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { MoreOf } from '../../components/layout/more-rows.tsx';
import { PageHead, Stack } from '../../components/layout/page.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { useFingerprints } from '../../data/fingerprints.ts';
import { useCan } from '../../data/permissions.ts';
import { useAskPreflight, usePreflights } from '../../data/preflights.ts';
import { useHosts, usePsciVersions } from '../../data/queries.ts';
import type { Host, PreflightSummary } from '../../data/types.ts';
import { actorName, count, shortId } from '../../model/format.ts';
import { answerWords, type QuestionDraft, toQuestion, whoWords } from '../../model/preflight-question.ts';
import { labelErrors } from '../../model/selector.ts';
import { HostSelect } from '../hosts/host-select.tsx';
import styles from './preflights.module.css';

export default function PreflightsPage() {
  const hosts = useHosts();
  const mayAsk = useCan('operator');
  return (
    <>
      <PageHead title="Preflights" />
      <Stack>
        <p className={styles.how}>
          What would guests see if these hosts got another kernel? The answer names every VM that is on them,
          changes nothing, and is kept for 90 days under an address that can be sent to others.
        </p>
        {hosts.isError && <Problem error={hosts.error} title="The hosts cannot be read" />}
        {hosts.isPending && <Loading what="the hosts" />}
        {hosts.data?.length === 0 && (
          <Notice title="There is no host yet">
            <p>
              Once hosts are enrolled, this answers what a kernel change would do to their guests.{' '}
              <Link to="/hosts">Enrol a host</Link>
            </p>
          </Notice>
        )}
        {hosts.data !== undefined && hosts.data.length > 0 && mayAsk && <Question hosts={hosts.data} />}
        <Answers hosts={hosts.data ?? []} />
      </Stack>
    </>
  );
}

const WHICH = [
  { value: 'host', label: 'one host' },
  { value: 'labels', label: 'every host, or those with certain labels' },
] as const;
const TARGETS = [
  { value: 'version', label: 'a kernel whose newest PSCI version is known' },
  { value: 'host', label: 'a kernel like that of a host' },
  { value: 'fingerprint', label: 'a kernel with a fingerprint that the fleet has seen' },
] as const;

function Question({ hosts }: { hosts: readonly Host[] }) {
  const [search] = useSearchParams();
  const asked = hosts.find(({ id }) => id === search.get('host'));
  const [draft, setDraft] = useState<QuestionDraft>({
    which: asked === undefined && hosts.length > 1 ? 'labels' : 'host',
    hostId: asked?.id ?? hosts[0]?.id ?? '',
    labels: [],
    target: 'version',
    version: '1.3',
    likeHostId: '',
    fingerprint: '',
  });
  const ask = useAskPreflight();
  const navigate = useNavigate();
  const question = labelErrors(draft.labels).size === 0 ? toQuestion(draft) : null;
  const change = (part: Partial<QuestionDraft>) => setDraft((current) => ({ ...current, ...part }));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (question === null) return;
    ask.mutate(question, { onSuccess: ({ id }) => void navigate(`/preflights/${id}`) });
  }

  return (
    <Card title="Ask">
      <form className={styles.question} onSubmit={submit}>
        <div className={styles.part}>
          <RadioGroup
            legend="If these hosts"
            choices={WHICH}
            value={draft.which}
            onChange={(which) => change({ which })}
          />
          {draft.which === 'host' ? (
            <HostSelect
              label="Host"
              hosts={hosts}
              value={draft.hostId}
              onChange={(hostId) => change({ hostId })}
            />
          ) : (
            <LabelsField
              legend="Hosts with"
              none="Without a label, every host."
              labels={draft.labels}
              tried={false}
              onChange={(labels) => change({ labels })}
            />
          )}
        </div>
        <div className={styles.part}>
          <RadioGroup
            legend="got"
            choices={TARGETS}
            value={draft.target}
            onChange={(target) => change({ target })}
          />
          <Target draft={draft} hosts={hosts} onChange={change} />
        </div>
        <div className={styles.submit}>
          {ask.isError && <Problem error={ask.error} title="There is no answer" />}
          <Button type="submit" tone="primary" disabled={question === null || ask.isPending}>
            {ask.isPending ? 'Asking…' : 'What would their guests see?'}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Target({
  draft,
  hosts,
  onChange,
}: {
  draft: QuestionDraft;
  hosts: readonly Host[];
  onChange: (part: Partial<QuestionDraft>) => void;
}) {
  const versions = usePsciVersions().data ?? [];
  const fingerprints = useFingerprints(draft.target === 'fingerprint').data ?? [];
  switch (draft.target) {
    case 'version':
      return (
        <VersionField
          label="Newest PSCI version"
          versions={versions}
          hint="It is taken to accept every older one, and to answer as Linux’s table says."
          value={draft.version}
          onChange={(version) => onChange({ version })}
        />
      );
    case 'host':
      return (
        <HostSelect
          label="Like the kernel of"
          hosts={hosts}
          value={draft.likeHostId}
          onChange={(likeHostId) => onChange({ likeHostId })}
        />
      );
    case 'fingerprint':
      return (
        <SelectField
          label="Fingerprint"
          value={draft.fingerprint}
          onChange={({ target }) => onChange({ fingerprint: target.value })}
        >
          <option value="">Choose a fingerprint</option>
          {fingerprints.map(({ digest, kernels, hosts: number }) => (
            <option key={digest} value={digest}>
              {kernels.slice(0, 2).join(', ')} {shortId(digest)}, {count(number, 'host')} now
            </option>
          ))}
        </SelectField>
      );
  }
}

function Answers({ hosts }: { hosts: readonly Host[] }) {
  const list = usePreflights();
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  const columns: readonly Column<PreflightSummary>[] = [
    {
      header: 'Question',
      cell: ({ id, request, target }) => (
        <Link to={`/preflights/${id}`} className={styles.asked}>
          {whoWords(request, names.get(request.hostId ?? '') ?? null)} → {target.description}
        </Link>
      ),
    },
    { header: 'Answer', cell: ({ counts }) => answerWords(counts) },
    {
      header: 'Asked',
      cell: ({ createdAt, requestedBy }) => (
        <span className={cells.quiet}>
          <Since at={createdAt} /> by {actorName(requestedBy)}
        </span>
      ),
    },
  ];
  return (
    <Card title="Answers" flush>
      {list.error !== null && <Problem error={list.error} title="The answers cannot be read" />}
      {list.items === undefined && list.error === null && <Loading what="the answers" />}
      {list.items?.length === 0 && (
        <Empty title="Nobody has asked yet">
          <p>
            Ask before a host is rebooted into another kernel: afterwards the guests find out by themselves.
          </p>
        </Empty>
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <Table label="Answers" columns={columns} rows={list.items} rowKey={({ id }) => id} />
      )}
      <MoreOf list={list} />
    </Card>
  );
}
