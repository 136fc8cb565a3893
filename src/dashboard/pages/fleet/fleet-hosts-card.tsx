/** The hosts in short: all of a small fleet, and of a large one those that want a look. */
import { Link } from 'react-router';
import { Card } from '../../components/layout/card.tsx';
import type { Host } from '../../data/types.ts';
import { byAttention } from '../../model/host-words.ts';
import { HostTable } from '../hosts/host-table.tsx';

const MOST_ROWS = 8;

export function FleetHostsCard({ hosts }: { hosts: readonly Host[] }) {
  const shown = hosts.length > MOST_ROWS ? hosts.toSorted(byAttention).slice(0, MOST_ROWS) : hosts;
  return (
    <Card
      title="Hosts"
      count={shown.length === hosts.length ? hosts.length : `${shown.length} of ${hosts.length}`}
      flush
      actions={<Link to="/hosts">All hosts</Link>}
    >
      <HostTable hosts={shown} />
    </Card>
  );
}
