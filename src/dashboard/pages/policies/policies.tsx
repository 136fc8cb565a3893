/** The fleet's policies in the order in which they are asked, with the built-in default that stands behind them all. */
import { Plus } from 'lucide-react';
import { Link } from 'react-router';
import { LinkButton } from '../../components/actions/button.tsx';
import { Badge, Version } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { PageHead, Stack } from '../../components/layout/page.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { useCan } from '../../data/permissions.ts';
import { usePolicies } from '../../data/policies.ts';
import { usePsciVersions } from '../../data/queries.ts';
import type { Policy } from '../../data/types.ts';
import { actorName } from '../../model/format.ts';
import { byPrecedence } from '../../model/policy-words.ts';
import { selectorWords } from '../../model/selector.ts';
import styles from './policies.module.css';

const COLUMNS: readonly Column<Policy>[] = [
  {
    header: 'Policy',
    firm: true,
    cell: ({ id, name }) => (
      <Link to={`/policies/${id}`} className={cells.name}>
        {name}
      </Link>
    ),
  },
  { header: 'Gives', firm: true, cell: ({ version }) => <Version version={version} /> },
  { header: 'To VMs with', cell: ({ selector }) => selectorWords(selector, 'every VM') },
  { header: 'Priority', end: true, firm: true, cell: ({ priority }) => priority.toLocaleString('en') },
  {
    header: 'Enforcement',
    firm: true,
    cell: ({ enforcement }) => <EnforcementBadge enforcement={enforcement} />,
  },
  { header: 'Selects', end: true, firm: true, cell: ({ vms }) => `${vms.toLocaleString('en')} VMs` },
  {
    header: 'Changed',
    minor: true,
    cell: ({ changedAt, changedBy, revision }) => (
      <span className={cells.quiet}>
        <Since at={changedAt} /> by {actorName(changedBy)}, revision {revision}
      </span>
    ),
  },
];

export function EnforcementBadge({ enforcement }: Pick<Policy, 'enforcement'>) {
  return enforcement === 'enforce' ? (
    <Badge colour="green">enforced</Badge>
  ) : (
    <Badge colour="grey" title="It is listed with what it would give, and never applied">
      audited only
    </Badge>
  );
}

export default function PoliciesPage() {
  const policies = usePolicies();
  const mayWrite = useCan('operator');
  const fleetDefault = usePsciVersions().data?.find((known) => known.fleetDefault)?.version;
  return (
    <>
      <PageHead
        title="Policies"
        actions={
          mayWrite && (
            <LinkButton to="/policies/new" tone="primary">
              <Plus size={16} aria-hidden />
              Write a policy
            </LinkButton>
          )
        }
      />
      <Stack>
        <p className={styles.how}>
          A VM that inherits its pin takes, at each cold boot, what the enforced policy with the highest
          priority gives that selects it. No running and no hibernated guest sees a change.
        </p>
        {policies.isError && <Problem error={policies.error} title="The policies cannot be read" />}
        {policies.isPending && <Loading what="the policies" />}
        {policies.data !== undefined && (
          <Card title="Fleet policies" count={policies.data.length} flush>
            {policies.data.length === 0 ? (
              <Empty title="There is no policy yet">
                <p>
                  Every VM that inherits has the fleet’s default. A policy gives another version to the VMs
                  with certain labels; its form shows beforehand whom it would change.
                </p>
                {mayWrite && (
                  <LinkButton to="/policies/new" tone="primary">
                    Write the first policy
                  </LinkButton>
                )}
              </Empty>
            ) : (
              <Table
                label="Fleet policies"
                columns={COLUMNS}
                rows={policies.data.toSorted(byPrecedence)}
                rowKey={({ id }) => id}
              />
            )}
            {fleetDefault !== undefined && (
              <p className={styles.rest}>
                Every other VM that inherits has the fleet’s default, <Version version={fleetDefault} />
              </p>
            )}
          </Card>
        )}
      </Stack>
    </>
  );
}
