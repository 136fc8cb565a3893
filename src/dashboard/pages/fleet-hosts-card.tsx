/** The hosts: what their kernels accept, whether they are heard, how full they are. */
import { Badge, type Colour, Version } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import cells from '../components/cells.module.css';
import { Meter } from '../components/meter.tsx';
import { type Column, Table } from '../components/table.tsx';
import { Since } from '../components/time.tsx';
import type { Host } from '../data/types.ts';
import { memory } from '../model/format.ts';
import { type HostState, hostState } from '../model/host-state.ts';

const STATE_COLOURS: Record<HostState, Colour> = { live: 'green', cordoned: 'amber', silent: 'doubt' };

export function FleetHostsCard({ hosts }: { hosts: readonly Host[] }) {
  const columns: Column<Host>[] = [
    {
      header: 'Host',
      firm: true,
      cell: (host) => (
        <span className={`${cells.line} ${cells.unbroken}`}>
          <strong className={cells.name}>{host.name}</strong>
          {host.simulated && (
            <Badge colour="amber" dot={false} title="This host simulates its guests: no real KVM runs there">
              simulated
            </Badge>
          )}
        </span>
      ),
    },
    {
      header: 'State',
      firm: true,
      cell: (host) => {
        const state = hostState(host);
        return (
          <span className={`${cells.line} ${cells.unbroken}`}>
            <Badge colour={STATE_COLOURS[state]}>{state}</Badge>
            {state === 'silent' && (
              <span className={cells.quiet}>
                heard <Since at={host.lastSeenAt} />
              </span>
            )}
          </span>
        );
      },
    },
    { header: 'Kernel', firm: true, cell: (host) => <code>{host.kernel}</code> },
    {
      header: 'PSCI accepted',
      firm: true,
      cell: (host) => (
        <span className={`${cells.line} ${cells.unbroken}`}>
          {host.psci.accepted.map((version) => (
            <Version key={version} version={version} isDefault={version === host.psci.default} />
          ))}
        </span>
      ),
    },
    {
      header: 'vCPUs',
      firm: true,
      cell: ({ allocated, capacity }) => (
        <Meter used={allocated.vcpus} of={capacity.vcpus} words={`${allocated.vcpus} of ${capacity.vcpus}`} />
      ),
    },
    {
      header: 'Memory',
      firm: true,
      cell: ({ allocated, capacity }) => (
        <Meter
          used={allocated.memoryMiB}
          of={capacity.memoryMiB}
          words={`${memory(allocated.memoryMiB)} of ${memory(capacity.memoryMiB)}`}
        />
      ),
    },
    { header: 'VMs', end: true, cell: (host) => host.vms },
  ];
  return (
    <Card title="Hosts" count={hosts.length} flush>
      <Table label="Hosts" columns={columns} rows={hosts} rowKey={(host) => host.id} />
    </Card>
  );
}
