/** Hosts as rows: whether they are heard, what their kernels accept and answer, how full they are. */
import { Link } from 'react-router';
import { Badge, type Colour, Version } from '../../components/display/badge.tsx';
import { Meter } from '../../components/display/meter.tsx';
import { Since } from '../../components/display/time.tsx';
import cells from '../../components/layout/cells.module.css';
import { type Column, LongTable, Table } from '../../components/layout/table.tsx';
import type { Host } from '../../data/types.ts';
import { memory } from '../../model/format.ts';
import { type HostState, hostState } from '../../model/host-state.ts';
import { type AnswersTone, acceptedRange, answersWords } from '../../model/host-words.ts';

const STATE_COLOURS: Record<HostState, Colour> = {
  live: 'green',
  cordoned: 'amber',
  silent: 'doubt',
  lost: 'red',
};
const ANSWERS_COLOURS: Record<AnswersTone, Colour> = {
  good: 'green',
  odd: 'amber',
  bad: 'red',
  open: 'grey',
};

export function HostStateBadge({ host }: { host: Host }) {
  const state = hostState(host);
  return <Badge colour={STATE_COLOURS[state]}>{state}</Badge>;
}

export function AnswersBadge({ host }: { host: Host }) {
  const { words, tone, title } = answersWords(host.fingerprint);
  return (
    <Badge colour={ANSWERS_COLOURS[tone]} dot={false} title={title}>
      {words}
    </Badge>
  );
}

export function SimulatedBadge() {
  return (
    <Badge colour="amber" dot={false} title="This host simulates its guests: no real KVM runs there">
      simulated
    </Badge>
  );
}

/** Oldest to newest in short; versions between them that are missing are told. */
function AcceptedRange({ host }: { host: Host }) {
  const { from, to, missing } = acceptedRange(host.psci.accepted);
  const { default: byDefault } = host.psci;
  return (
    <span className={`${cells.line} ${cells.unbroken}`}>
      {from !== to && <span className={cells.quiet}>{from} to</span>}
      <Version version={to} isDefault={to === byDefault} />
      {missing.length > 0 && <span className={cells.quiet}>without {missing.join(', ')}</span>}
      {to !== byDefault && <span className={cells.quiet}>default {byDefault}</span>}
    </span>
  );
}

export function AcceptedVersions({ host }: { host: Host }) {
  return (
    <span className={cells.line}>
      {host.psci.accepted.map((version) => (
        <Version key={version} version={version} isDefault={version === host.psci.default} />
      ))}
    </span>
  );
}

const COLUMNS: readonly Column<Host>[] = [
  {
    header: 'Host',
    firm: true,
    cell: (host) => (
      <span className={`${cells.line} ${cells.unbroken}`}>
        <Link to={`/hosts/${host.id}`} className={cells.name}>
          {host.name}
        </Link>
        {host.simulated && <SimulatedBadge />}
      </span>
    ),
  },
  {
    header: 'State',
    firm: true,
    cell: (host) => (
      <span className={`${cells.line} ${cells.unbroken}`}>
        <HostStateBadge host={host} />
        {host.lease.state === 'expired' && (
          <span className={cells.quiet}>
            heard <Since at={host.lastSeenAt} />
          </span>
        )}
      </span>
    ),
  },
  { header: 'Kernel', cell: (host) => <code>{host.kernel}</code> },
  { header: 'PSCI', firm: true, cell: (host) => <AcceptedRange host={host} /> },
  { header: 'Answers', firm: true, cell: (host) => <AnswersBadge host={host} /> },
  {
    header: 'vCPUs',
    firm: true,
    minor: true,
    cell: ({ allocated, capacity }) => (
      <Meter used={allocated.vcpus} of={capacity.vcpus} words={`${allocated.vcpus} of ${capacity.vcpus}`} />
    ),
  },
  {
    header: 'Memory',
    firm: true,
    minor: true,
    cell: ({ allocated, capacity }) => (
      <Meter
        used={allocated.memoryMiB}
        of={capacity.memoryMiB}
        words={`${memory(allocated.memoryMiB)} of ${memory(capacity.memoryMiB)}`}
      />
    ),
  },
  { header: 'VMs', end: true, cell: (host) => host.vms.toLocaleString('en') },
];

/** For any number of hosts. */
export function LongHostTable({ hosts }: { hosts: readonly Host[] }) {
  return (
    <LongTable label="Hosts" columns={COLUMNS} rows={hosts} rowKey={(host) => host.id} total={hosts.length} />
  );
}

export function HostTable({ hosts }: { hosts: readonly Host[] }) {
  return <Table label="Hosts" columns={COLUMNS} rows={hosts} rowKey={(host) => host.id} />;
}
