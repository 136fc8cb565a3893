/** What a policy would do, asked of the API and changing nothing: whom it moves, from what to what, and what then fits. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Version } from '../../components/display/badge.tsx';
import { Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { type Column, Table } from '../../components/layout/table.tsx';
import { type Proposal, useDryRun, usePolicies } from '../../data/policies.ts';
import type { PolicyDryRun } from '../../data/types.ts';
import { count } from '../../model/format.ts';
import { dryRunWords, pinSourceWords } from '../../model/policy-words.ts';
import styles from './dry-run.module.css';

type Changing = PolicyDryRun['vms']['items'][number];

export function DryRunCard({ proposal }: { proposal: Proposal | null }) {
  return (
    <Card title="What it would do" flush>
      <DryRun proposal={proposal} />
    </Card>
  );
}

/** `proposal` null: it cannot be asked about as it stands. */
export function DryRun({ proposal }: { proposal: Proposal | null }) {
  const dryRun = useDryRun(proposal);
  const enforcement = proposal?.content?.enforcement ?? 'enforce';
  let answer: ReactNode = null;
  if (proposal === null) answer = <p className={styles.line}>Mend what is marked in the form.</p>;
  else if (dryRun.isError) answer = <Problem error={dryRun.error} title="It would be refused" />;
  else if (dryRun.isPending) answer = <Loading what="what it would do" />;
  else {
    answer = (
      <div aria-busy={dryRun.isPlaceholderData} className={styles.answer} data-old={dryRun.isPlaceholderData}>
        <p className={styles.line}>
          <strong role="status">{dryRunWords(dryRun.data, enforcement)}</strong>
        </p>
        <Consequences dryRun={dryRun.data} />
      </div>
    );
  }
  return <section aria-label="Dry run">{answer}</section>;
}

function Consequences({ dryRun: { vms, hosts } }: { dryRun: PolicyDryRun }) {
  const names = new Map((usePolicies().data ?? []).map(({ id, name }) => [id, name]));
  const columns: readonly Column<Changing>[] = [
    {
      header: 'VM',
      firm: true,
      cell: ({ vmId, name }) => (
        <Link to={`/vms/${vmId}`} className={cells.name}>
          {name}
        </Link>
      ),
    },
    { header: 'From', firm: true, cell: ({ from }) => <End {...from} names={names} /> },
    { header: 'To', firm: true, cell: ({ to }) => <End {...to} names={names} /> },
    {
      header: 'Hosts',
      end: true,
      firm: true,
      cell: ({ acceptedBy }) => (acceptedBy === 0 ? <strong>none</strong> : acceptedBy),
    },
  ];
  return (
    <>
      {vms.unplaceable > 0 && (
        <div className={styles.padded}>
          <Notice tone="danger" title={`${count(vms.unplaceable, 'VM')} could start nowhere`}>
            <p>No host that they could start on accepts the version they would get.</p>
          </Notice>
        </div>
      )}
      {vms.kept > 0 && (
        <p className={styles.line}>
          {count(vms.kept, 'VM')} would keep {vms.kept === 1 ? 'its' : 'their'} pin all the same: hibernated,
          or maybe so, or going on from a snapshot.
        </p>
      )}
      {vms.items.length > 0 && (
        <Table label="VMs that would change" columns={columns} rows={vms.items} rowKey={({ vmId }) => vmId} />
      )}
      {vms.changing > vms.items.length && (
        <p className={styles.line}>and {(vms.changing - vms.items.length).toLocaleString('en')} more.</p>
      )}
      {hosts.versions.length > 0 && (
        <ul className={styles.hosts}>
          {hosts.versions.map(({ version, vms: moved, accepting, refusing }) => (
            <li key={version}>
              <Version version={version} /> {count(moved, 'VM')}; {count(accepting, 'host')}{' '}
              {accepting === 1 ? 'accepts' : 'accept'} it, {refusing.toLocaleString('en')}{' '}
              {refusing === 1 ? 'does' : 'do'} not.
            </li>
          ))}
        </ul>
      )}
      {hosts.items.length > 0 && (
        <div className={styles.padded}>
          <h3>{count(hosts.affected, 'host')} could run some of them no more</h3>
          <ul>
            {hosts.items.slice(0, 6).map((host) => (
              <li key={host.hostId}>
                <Link to={`/hosts/${host.hostId}`}>{host.name}</Link>{' '}
                <span className={cells.quiet}>
                  {host.kernel}: {count(host.vms, 'VM')}
                  {host.placed > 0 && `, ${host.placed.toLocaleString('en')} there now`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function End({ version, source, names }: Changing['from'] & { names: ReadonlyMap<string, string> }) {
  return (
    <span className={cells.line}>
      {version === null ? <span className={cells.quiet}>by its host</span> : <Version version={version} />}
      <span className={cells.quiet}>{pinSourceWords(source, names)}</span>
    </span>
  );
}
