/** One host: whether it is heard, what its kernel accepts and answers, what runs there, and what is being done to it. */
import { Link, useParams } from 'react-router';
import { Id } from '../../components/actions/copy.tsx';
import { PhaseBadge, Version } from '../../components/display/badge.tsx';
import { Meter } from '../../components/display/meter.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Card, Facts } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { MoreOf } from '../../components/layout/more-rows.tsx';
import { Columns, PageHead, Stack } from '../../components/layout/page.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { isOpen, isUnderWay, useDrain, useHost, useHostVms, useMaintenance } from '../../data/hosts.ts';
import { statusOf } from '../../data/problems.ts';
import type { Host, Vm } from '../../data/types.ts';
import { count, memory } from '../../model/format.ts';
import { sourceWords } from '../../model/pin-words.ts';
import { selectorWords } from '../../model/selector.ts';
import { DrainCard } from './drain-card.tsx';
import { FingerprintCard } from './fingerprint-card.tsx';
import { HostActions } from './host-actions.tsx';
import { AcceptedVersions, HostStateBadge, SimulatedBadge } from './host-table.tsx';
import { UpgradeCard } from './upgrade-card.tsx';

export default function HostPage() {
  const { hostId = '' } = useParams();
  const host = useHost(hostId);
  const crumb = <Link to="/hosts">Hosts</Link>;
  if (host.data !== undefined) {
    return (
      <>
        <PageHead
          title={host.data.name}
          crumb={crumb}
          beside={
            <>
              <HostStateBadge host={host.data} />
              {host.data.simulated && <SimulatedBadge />}
            </>
          }
          actions={<HostActions host={host.data} />}
        />
        <HostBody host={host.data} />
      </>
    );
  }
  const gone = statusOf(host.error) === 404;
  return (
    <>
      <PageHead title="Host" crumb={crumb} />
      {host.isPending && <Loading what="the host" />}
      {gone && <Notice tone="warning" title="There is no such host" />}
      {host.isError && !gone && <Problem error={host.error} title="The host cannot be read" />}
    </>
  );
}

function HostBody({ host }: { host: Host }) {
  const drain = useDrain(host.id).data ?? null;
  const maintenance = useMaintenance(host.id).data ?? null;
  const upgrading = isUnderWay(maintenance);
  // What is done to the host now comes first; what was done once, last.
  const work = (
    <>
      {maintenance !== null && <UpgradeCard maintenance={maintenance} />}
      {drain !== null && <DrainCard hostId={host.id} drain={drain} />}
    </>
  );
  const busy = upgrading || isOpen(drain?.operation);
  return (
    <Stack>
      {host.lostAt !== null && (
        <Notice tone="danger" title="Given up">
          <p>
            An operator declared it lost <Since at={host.lostAt} />. It takes no VM; should it be heard again,
            what it still runs is ended.
          </p>
        </Notice>
      )}
      {host.lostAt === null && host.lease.state === 'expired' && (
        <Notice tone="warning" title="It is silent">
          <p>
            Nothing was heard of it since <Since at={host.lastSeenAt} />. What its {count(host.vms, 'VM')} do
            is not known, and none is started elsewhere before it returns or is declared lost.
          </p>
        </Notice>
      )}
      <Columns aside={<HostFacts host={host} />}>
        {busy && work}
        <HostVmsCard host={host} />
        <FingerprintCard host={host} />
        {!busy && work}
      </Columns>
    </Stack>
  );
}

function HostFacts({ host }: { host: Host }) {
  const { capacity, allocated } = host;
  return (
    <>
      <Card title="Host">
        <Facts
          facts={[
            ['Kernel', <code key="kernel">{host.kernel}</code>],
            ['PSCI accepted', <AcceptedVersions key="accepted" host={host} />],
            ['Agent', host.agentVersion],
            ['Heard', <Since key="heard" at={host.lastSeenAt} />],
            ['Labels', selectorWords(host.labels, 'none')],
            ['Boot', <Id key="boot" id={host.bootId} what="the boot’s id" />],
            ['Id', <Id key="id" id={host.id} what="the host’s id" />],
            ['Enrolled', <Since key="enrolled" at={host.createdAt} />],
          ]}
        />
      </Card>
      <Card title="Capacity">
        <Facts
          facts={[
            [
              'vCPUs',
              <Meter
                key="vcpus"
                used={allocated.vcpus}
                of={capacity.vcpus}
                words={`${allocated.vcpus} of ${capacity.vcpus} held`}
              />,
            ],
            [
              'Memory',
              <Meter
                key="memory"
                used={allocated.memoryMiB}
                of={capacity.memoryMiB}
                words={`${memory(allocated.memoryMiB)} of ${memory(capacity.memoryMiB)}`}
              />,
            ],
          ]}
        />
      </Card>
    </>
  );
}

const VM_COLUMNS: readonly Column<Vm>[] = [
  {
    header: 'VM',
    firm: true,
    cell: (vm) => (
      <Link to={`/vms/${vm.id}`} className={cells.name}>
        {vm.name}
      </Link>
    ),
  },
  { header: 'Phase', cell: (vm) => <PhaseBadge phase={vm.phase} reason={vm.reason} /> },
  {
    header: 'PSCI',
    firm: true,
    cell: ({ psci }) => (
      <span className={`${cells.line} ${cells.unbroken}`}>
        {psci.effective === null ? (
          <span className={cells.quiet}>at its first start</span>
        ) : (
          <Version version={psci.effective} />
        )}
        <span className={cells.quiet}>{sourceWords(psci)}</span>
      </span>
    ),
  },
  { header: 'Size', firm: true, minor: true, cell: (vm) => `${vm.vcpus} vCPU · ${memory(vm.memoryMiB)}` },
  { header: 'Changed', firm: true, minor: true, cell: (vm) => <Since at={vm.updatedAt} /> },
];

function HostVmsCard({ host }: { host: Host }) {
  const list = useHostVms(host.id);
  return (
    <Card title="VMs" count={host.vms.toLocaleString('en')} flush>
      {list.error !== null && <Problem error={list.error} title="Its VMs cannot be read" />}
      {list.items === undefined && list.error === null && <Loading what="its VMs" />}
      {list.items?.length === 0 && (
        <Empty title="No VM is here">
          <p>VMs come here when they are started and this host accepts their pin and has room.</p>
        </Empty>
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <Table label="VMs of this host" columns={VM_COLUMNS} rows={list.items} rowKey={(vm) => vm.id} />
      )}
      <MoreOf list={list} />
    </Card>
  );
}
