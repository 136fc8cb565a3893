/** One VM: what it is, why its pin is what it is, what happened to it, its console, and what can be asked of it. */
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { Id } from '../../components/actions/copy.tsx';
import { PhaseBadge } from '../../components/display/badge.tsx';
import { EventList } from '../../components/display/event-row.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Card, Facts } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { Columns, PageHead, Stack } from '../../components/layout/page.tsx';
import { useEvents } from '../../data/events.ts';
import { statusOf } from '../../data/problems.ts';
import { useHosts, useImages, useVm } from '../../data/queries.ts';
import type { Vm } from '../../data/types.ts';
import { memory, shortId } from '../../model/format.ts';
import { LoadOlder } from './load-older.tsx';
import { VmActions } from './vm-actions-bar.tsx';
import { VmOperationsCard } from './vm-operations-card.tsx';
import { VmPinCard } from './vm-pin-card.tsx';
import { VmSnapshotsCard } from './vm-snapshots-card.tsx';
import { VmTimelineCard } from './vm-timeline-card.tsx';

// The terminal is most of this page's weight, and no other page needs it.
const VmConsoleCard = lazy(() => import('./vm-console-card.tsx'));

export function VmPage() {
  const { vmId = '' } = useParams();
  const vm = useVm(vmId);
  const crumb = <Link to="/vms">VMs</Link>;
  if (vm.data !== undefined) {
    return (
      <>
        <PageHead
          title={vm.data.name}
          crumb={crumb}
          beside={<PhaseBadge phase={vm.data.phase} reason={vm.data.reason} />}
          actions={<VmActions vm={vm.data} />}
        />
        <VmBody vm={vm.data} />
      </>
    );
  }
  const gone = statusOf(vm.error) === 404;
  return (
    <>
      <PageHead title="VM" crumb={crumb} />
      {vm.isPending && <Loading what="the VM" />}
      {gone && (
        <Stack>
          <Notice tone="warning" title="There is no such VM">
            <p>It may have been deleted. Its events stay in the log.</p>
          </Notice>
          <VmEventsCard vmId={vmId} />
        </Stack>
      )}
      {vm.isError && !gone && <Problem error={vm.error} title="The VM cannot be read" />}
    </>
  );
}

function VmBody({ vm }: { vm: Vm }) {
  return (
    <Stack>
      {vm.reason !== null && (
        <Notice tone={vm.phase === 'failed' ? 'danger' : 'warning'} title={`Why it is ${vm.phase}`}>
          <p>{vm.reason}</p>
        </Notice>
      )}
      <Columns
        aside={
          <>
            <VmPinCard vm={vm} />
            <MachineCard vm={vm} />
            <VmOperationsCard vmId={vm.id} />
            <VmSnapshotsCard vm={vm} />
          </>
        }
      >
        <VmTimelineCard vmId={vm.id} />
        <Suspense
          fallback={
            <Card title="Console">
              <Loading what="the console" />
            </Card>
          }
        >
          <VmConsoleCard key={vm.id} vm={vm} />
        </Suspense>
        <VmEventsCard vmId={vm.id} />
      </Columns>
    </Stack>
  );
}

function MachineCard({ vm }: { vm: Vm }) {
  const host = useHosts().data?.find(({ id }) => id === vm.hostId);
  const image = useImages().data?.find(({ id }) => id === vm.imageId);
  const labels = Object.entries(vm.labels);
  return (
    <Card title="Machine">
      <Facts
        facts={[
          [
            'Host',
            vm.hostId === null ? (
              'none yet'
            ) : (
              <Link key="host" to={`/hosts/${vm.hostId}`}>
                {host?.name ?? shortId(vm.hostId)}
              </Link>
            ),
          ],
          ['Size', `${vm.vcpus} vCPU · ${memory(vm.memoryMiB)}`],
          ['Image', image?.name ?? <Id key="image" id={vm.imageId} what="the image’s id" />],
          ...(vm.cmdline === '' ? [] : [['Command line', <code key="cmdline">{vm.cmdline}</code>] as const]),
          ['Disks', vm.disks.length === 0 ? 'none' : <Disks key="disks" disks={vm.disks} />],
          ...(vm.nics.length === 0 ? [] : [['Network', <Nics key="nics" nics={vm.nics} />] as const]),
          ...(labels.length === 0
            ? []
            : [['Labels', labels.map(([key, value]) => `${key}: ${value}`).join(', ')] as const]),
          [
            'When the guest',
            `powers off: ${vm.onGuest.poweroff} · resets: ${vm.onGuest.reset} · crashes: ${vm.onGuest.crash}`,
          ],
          ['Id', <Id key="id" id={vm.id} what="the VM’s id" />],
          ...(vm.bootId === null
            ? []
            : [['Boot', <Id key="boot" id={vm.bootId} what="the boot’s id" />] as const]),
          ['Wanted', `${vm.powerState}, generation ${vm.generation}`],
          [
            'Seen by its host',
            vm.observedGeneration >= vm.generation
              ? 'up to date'
              : `generation ${vm.observedGeneration} of ${vm.generation}`,
          ],
          ['Created', <Since key="created" at={vm.createdAt} />],
        ]}
      />
    </Card>
  );
}

function Disks({ disks }: Pick<Vm, 'disks'>) {
  return (
    <ul>
      {disks.map((disk) => (
        <li key={disk.name}>
          {disk.name}{' '}
          <span className={cells.quiet}>
            {memory(disk.sizeMiB)}
            {disk.readOnly && ', read-only'}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Nics({ nics }: Pick<Vm, 'nics'>) {
  return (
    <ul>
      {nics.map((nic) => (
        <li key={nic.name}>
          {nic.name} <code>{nic.address}</code>{' '}
          <span className={cells.quiet}>
            in {nic.network}, {nic.mac}
          </span>
        </li>
      ))}
    </ul>
  );
}

function VmEventsCard({ vmId }: { vmId: string }) {
  const events = useEvents({ vmId, limit: 25 });
  return (
    <Card title="What happened" flush actions={<Link to={`/events?vm=${vmId}`}>In the log</Link>}>
      {events.error !== null && <Problem error={events.error} title="The events cannot be read" />}
      {events.loading && <Loading what="events" />}
      {!events.loading && events.error === null && events.events.length === 0 && (
        <Empty title="Nothing yet">
          <p>Every boot, power-off, hibernate, reset and crash will be told here, with who asked for it.</p>
        </Empty>
      )}
      <EventList label="Events of this VM" events={events.events} exact />
      <LoadOlder events={events} />
    </Card>
  );
}
