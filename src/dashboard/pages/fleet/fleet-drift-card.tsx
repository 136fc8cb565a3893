/** What a kernel upgrade would move, or could: each count leads to what it is about. */
import { Link } from 'react-router';
import { Card } from '../../components/layout/card.tsx';
import type { FleetSummary } from '../../data/types.ts';
import styles from './fleet-drift-card.module.css';

export function FleetDriftCard({ vms, hosts, drift }: FleetSummary) {
  const rows = [
    {
      to: '/drift?kind=due',
      number: vms.drifted,
      what: 'VMs due to change',
      why: 'Their pin is another than their policy gives at the next cold boot.',
    },
    {
      to: '/drift?kind=latest',
      number: drift.latest,
      what: 'VMs on “latest”',
      why: 'A host’s kernel upgrade changes their firmware.',
    },
    {
      to: '/drift?kind=thinlyAccepted',
      number: drift.thinlyAccepted,
      what: 'VMs that fewer than two hosts could run',
      why: 'By what hosts accept: one more upgrade, and nothing may run their pin.',
    },
    {
      to: '/hosts?state=changed',
      number: drift.fingerprintChanged,
      what: 'Hosts that answer otherwise than before',
      why: 'Their kernel was changed, and guests are answered something else at the same version.',
    },
    {
      to: '/hosts?state=silent',
      number: hosts.byLease.expired,
      what: 'Hosts that are silent',
      why: 'What runs there is not known.',
    },
  ];
  return (
    <Card title="Drift" flush>
      <ul className={styles.list}>
        {rows.map(({ to, number, what, why }) => (
          <li key={to} className={styles.row} data-some={number > 0}>
            <strong>{number.toLocaleString('en')}</strong>
            <span>
              {number > 0 ? <Link to={to}>{what}</Link> : what}
              {number > 0 && <small>{why}</small>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
