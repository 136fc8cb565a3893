/** The fleet at a glance: what runs under which firmware, where, and who turned what off. */
import { Plus } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { LinkButton } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import cells from '../components/cells.module.css';
import { EventList } from '../components/event-row.tsx';
import { Empty, Loading, Notice, Problem } from '../components/notice.tsx';
import { Columns, PageHead, Stack } from '../components/page.tsx';
import { Tiles } from '../components/tiles.tsx';
import { useEvents } from '../data/events.ts';
import { useFleet, useFleetSummary, useHosts, useImages } from '../data/queries.ts';
import type { FleetEvent, FleetSummary, Host, Vm } from '../data/types.ts';
import { merge } from '../model/event-log.ts';
import { fleetMatrix, kernelSeries } from '../model/fleet-matrix.ts';
import { shortId } from '../model/format.ts';
import { FirstSteps } from './first-steps.tsx';
import { FleetDriftCard } from './fleet-drift-card.tsx';
import { FleetHostsCard } from './fleet-hosts-card.tsx';
import { FleetMatrixCard, type MatrixChoice } from './fleet-matrix-card.tsx';
import { FleetVmsCard } from './fleet-vms-card.tsx';

const RECENT = 5;

export function FleetPage() {
  const summary = useFleetSummary();
  const vms = useFleet();
  const hosts = useHosts();
  const images = useImages();
  const failed = summary.error ?? vms.error ?? hosts.error ?? images.error;
  const loaded =
    summary.data !== undefined &&
    vms.data !== undefined &&
    hosts.data !== undefined &&
    images.data !== undefined;
  return (
    <>
      <PageHead
        title="Fleet"
        actions={
          <LinkButton to="/vms/new" tone="primary">
            <Plus size={16} aria-hidden />
            Create a VM
          </LinkButton>
        }
      />
      <Stack>
        {failed !== null && <Problem error={failed} title="The fleet cannot be read" />}
        {!loaded && failed === null && <Loading what="the fleet" />}
        {summary.data !== undefined && <FleetTiles {...summary.data} />}
        {loaded && (
          <Fleet
            summary={summary.data}
            vms={vms.data.vms}
            cut={vms.data.cut}
            hosts={hosts.data}
            images={images.data.length}
          />
        )}
      </Stack>
    </>
  );
}

function Fleet({
  summary,
  vms,
  cut,
  hosts,
  images,
}: {
  summary: FleetSummary;
  vms: readonly Vm[];
  /** True when there are more than were read. */
  cut: boolean;
  hosts: readonly Host[];
  images: number;
}) {
  const [search, setSearch] = useSearchParams();
  const matrix = useMemo(() => fleetMatrix(summary.vms.matrix, summary.hosts.byKernel), [summary]);
  const version = search.get('psci');
  const chosen = version === null ? null : { version, kernel: search.get('kernel') };
  const filter = { text: search.get('q') ?? '', phase: search.get('phase') ?? '' };
  const shown = useMemo(() => narrow(vms, hosts, chosen, filter), [vms, hosts, chosen, filter]);

  const change = (next: Record<string, string | null>) =>
    setSearch(
      (current) => {
        for (const [name, value] of Object.entries(next)) {
          if (value === null || value === '') current.delete(name);
          else current.set(name, value);
        }
        return current;
      },
      { replace: true },
    );

  return (
    <>
      {cut && (
        <Notice tone="warning">
          This page counts the oldest {vms.length.toLocaleString('en')} VMs; there are more. The API lists
          them all.
        </Notice>
      )}
      {vms.length === 0 && <FirstSteps hosts={hosts.length} images={images} />}
      {hosts.length > 0 && (
        <Columns aside={<RecentEnds vms={vms} />}>
          <FleetMatrixCard
            matrix={matrix}
            chosen={chosen}
            onChoose={(choice) => change({ psci: choice?.version ?? null, kernel: choice?.kernel ?? null })}
          />
          <FleetDriftCard {...summary} />
        </Columns>
      )}
      {vms.length > 0 && (
        <FleetVmsCard
          vms={shown}
          hosts={hosts}
          total={vms.length}
          filter={filter}
          onFilter={({ text, phase }) => change({ q: text, phase })}
        />
      )}
      {hosts.length > 0 && <FleetHostsCard hosts={hosts} />}
    </>
  );
}

function FleetTiles({ vms, hosts }: FleetSummary) {
  const inPhase = (phase: Vm['phase']) => vms.byPhase[phase] ?? 0;
  const troubled = inPhase('failed') + inPhase('unknown');
  return (
    <Tiles
      tiles={[
        { label: 'VMs running', value: inPhase('running'), of: vms.total },
        { label: 'VMs hibernated', value: inPhase('hibernated') },
        { label: 'VMs failed or unknown', value: troubled, alarm: troubled > 0 },
        { label: 'Pins due to change', value: vms.drifted, alarm: vms.drifted > 0 },
        {
          label: 'Hosts heard',
          value: hosts.byLease.active,
          of: hosts.total,
          alarm: hosts.byLease.expired > 0,
        },
      ]}
    />
  );
}

function RecentEnds({ vms }: { vms: readonly Vm[] }) {
  const hibernates = useEvents({ kind: 'hibernate', limit: RECENT });
  const powerOffs = useEvents({ kind: 'poweroff', limit: RECENT });
  const events = merge(hibernates.events, powerOffs.events).slice(0, RECENT);
  const error = hibernates.error ?? powerOffs.error;
  const loading = hibernates.loading || powerOffs.loading;
  const names = new Map(vms.map((vm) => [vm.id, vm.name]));
  const subject = ({ vmId }: FleetEvent) => (
    <Link to={`/vms/${vmId}`} className={cells.name}>
      {names.get(vmId) ?? shortId(vmId)}
    </Link>
  );
  return (
    <Card title="Recent hibernates and power-offs" flush actions={<Link to="/events">All events</Link>}>
      {error !== null && <Problem error={error} title="The events cannot be read" />}
      {loading && <Loading what="events" />}
      {!loading && error === null && events.length === 0 && (
        <Empty title="None yet">
          <p>When a guest powers off or hibernates, it is told here, with who asked for it.</p>
        </Empty>
      )}
      <EventList label="Recent hibernates and power-offs" events={events} subject={subject} />
    </Card>
  );
}

function narrow(
  vms: readonly Vm[],
  hosts: readonly Host[],
  chosen: MatrixChoice | null,
  { text, phase }: { text: string; phase: string },
): readonly Vm[] {
  const kernels = new Map(hosts.map((host) => [host.id, kernelSeries(host.kernel)]));
  const words = text.trim().toLowerCase();
  return vms.filter((vm) => {
    if (phase !== '' && vm.phase !== phase) return false;
    if (chosen !== null) {
      if (vm.psci.effective !== chosen.version) return false;
      if ((vm.hostId === null ? null : kernels.get(vm.hostId)) !== chosen.kernel) return false;
    }
    if (words === '') return true;
    const labels = Object.entries(vm.labels).map(([key, value]) => `${key}:${value}`);
    return [vm.name, vm.id, ...labels].some((part) => part.toLowerCase().includes(words));
  });
}
