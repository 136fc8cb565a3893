/** The VMs that one of the counts of drift is about. */
import { Link, useSearchParams } from 'react-router';
import { Version } from '../../components/display/badge.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { MoreOf } from '../../components/layout/more-rows.tsx';
import { PageHead, Stack } from '../../components/layout/page.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { usePolicies } from '../../data/policies.ts';
import { useDriftedVms } from '../../data/preflights.ts';
import { useHosts } from '../../data/queries.ts';
import type { DriftedVm, DriftKind } from '../../data/types.ts';
import { pinSourceWords } from '../../model/policy-words.ts';
import styles from './drift.module.css';

interface Kind {
  kind: DriftKind;
  title: string;
  text: string;
  none: string;
}

const DUE: Kind = {
  kind: 'due',
  title: 'Due to change',
  text: 'The next cold boot of these VMs gives them another pin than they have, because a policy or their own request was changed since. Until then nothing changes for their guests.',
  none: 'Every VM has what its policy gives.',
};

const KINDS: readonly Kind[] = [
  DUE,
  {
    kind: 'latest',
    title: 'On “latest”',
    text: 'These VMs take the newest version of their host at each cold boot: a kernel upgrade changes their firmware without anybody asking.',
    none: 'No VM follows the kernel of its host.',
  },
  {
    kind: 'thinlyAccepted',
    title: 'Accepted by fewer than two hosts',
    text: 'Should the one host that accepts their pin fail or be upgraded, these VMs could start nowhere.',
    none: 'At least two hosts accept the pin of every VM.',
  },
];

export default function DriftPage() {
  const [search] = useSearchParams();
  const { kind, title, text, none } = KINDS.find((known) => known.kind === search.get('kind')) ?? DUE;
  return (
    <>
      <PageHead title="Drift" crumb={<Link to="/">Fleet</Link>} />
      <Stack>
        <nav className={styles.kinds} aria-label="Kinds of drift">
          {KINDS.map((known) => (
            <Link
              key={known.kind}
              to={`/drift?kind=${known.kind}`}
              className={styles.kind}
              aria-current={known.kind === kind ? 'page' : undefined}
            >
              {known.title}
            </Link>
          ))}
        </nav>
        <p className={styles.text}>{text}</p>
        <Drifted key={kind} kind={kind} title={title} none={none} />
      </Stack>
    </>
  );
}

function Drifted({ kind, title, none }: { kind: DriftKind; title: string; none: string }) {
  const list = useDriftedVms(kind);
  const hostNames = new Map((useHosts().data ?? []).map(({ id, name }) => [id, name]));
  const policies = new Map((usePolicies().data ?? []).map(({ id, name }) => [id, name]));
  const columns: readonly Column<DriftedVm>[] = [
    {
      header: 'VM',
      firm: true,
      cell: ({ vmId, name }) => (
        <Link to={`/vms/${vmId}`} className={cells.name}>
          {name}
        </Link>
      ),
    },
    {
      header: 'Has',
      cell: ({ psciVersion }) =>
        psciVersion === null ? (
          <span className={cells.quiet}>not yet</span>
        ) : (
          <Version version={psciVersion} />
        ),
    },
    {
      header: 'Next cold boot',
      cell: ({ next }) =>
        next === null ? (
          <span className={cells.quiet}>as its host has it</span>
        ) : (
          <span className={cells.line}>
            <Version version={next.version} />
            <span className={cells.quiet}>{pinSourceWords(next.source, policies)}</span>
          </span>
        ),
    },
    {
      header: 'Hosts that accept it',
      end: true,
      cell: ({ acceptingHosts, psciVersion }) => (psciVersion === null ? '–' : acceptingHosts),
    },
    {
      header: 'Host',
      cell: ({ hostId }) =>
        hostId === null ? (
          <span className={cells.quiet}>none yet</span>
        ) : (
          <Link to={`/hosts/${hostId}`}>{hostNames.get(hostId) ?? 'its host'}</Link>
        ),
    },
    { header: 'Why', minor: true, cell: ({ why }) => <span className={cells.quiet}>{why}</span> },
  ];
  return (
    <Card title={title} flush>
      {list.error !== null && <Problem error={list.error} title="The VMs cannot be read" />}
      {list.items === undefined && list.error === null && <Loading what="the VMs" />}
      {list.items?.length === 0 && <Empty title={none} />}
      {list.items !== undefined && list.items.length > 0 && (
        <Table label={title} columns={columns} rows={list.items} rowKey={({ vmId }) => vmId} />
      )}
      <MoreOf list={list} />
    </Card>
  );
}
