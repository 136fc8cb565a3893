/** The fleet at a glance: what runs under which firmware, where, and who turned what off. */
import { Plus } from 'lucide-react';
import { useMemo } from 'react';
import { Link, Navigate } from 'react-router';
import { LinkButton } from '../../components/actions/button.tsx';
import { EventList } from '../../components/display/event-row.tsx';
import { VmLink } from '../../components/display/vm-link.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import { Columns, PageHead, Stack } from '../../components/layout/page.tsx';
import { Tiles } from '../../components/layout/tiles.tsx';
import { useAddress } from '../../data/address.ts';
import { useEvents } from '../../data/events.ts';
import { useCan, useIsScoped } from '../../data/permissions.ts';
import { useFleetSummary, useHosts, useImages } from '../../data/queries.ts';
import type { FleetSummary, Host, Vm } from '../../data/types.ts';
import { merge } from '../../model/event-log.ts';
import { fleetMatrix } from '../../model/fleet-matrix.ts';
import { VmListCard } from '../vms/vm-list.tsx';
import { FirstSteps } from './first-steps.tsx';
import { FleetDriftCard } from './fleet-drift-card.tsx';
import { FleetHostsCard } from './fleet-hosts-card.tsx';
import { FleetMatrixCard, type MatrixChoice } from './fleet-matrix-card.tsx';

const RECENT = 5;
const FIRST_VMS = 10;
/** In the address: on no host. As the API has it. */
const NO_KERNEL = 'none';

export function FleetPage() {
  // A token with a scope is shown VMs, and nothing of the fleet.
  return useIsScoped() ? <Navigate to="/vms" replace /> : <WholeFleet />;
}

function WholeFleet() {
  const mayCreate = useCan('operator');
  const summary = useFleetSummary();
  const hosts = useHosts();
  const images = useImages();
  const failed = summary.error ?? hosts.error ?? images.error;
  const loaded = summary.data !== undefined && hosts.data !== undefined && images.data !== undefined;
  return (
    <>
      <PageHead
        title="Fleet"
        actions={
          mayCreate && (
            <LinkButton to="/vms/new" tone="primary">
              <Plus size={16} aria-hidden />
              Create a VM
            </LinkButton>
          )
        }
      />
      <Stack>
        {failed !== null && <Problem error={failed} title="The fleet cannot be read" />}
        {!loaded && failed === null && <Loading what="the fleet" />}
        {summary.data !== undefined && <FleetTiles {...summary.data} />}
        {loaded && <Fleet summary={summary.data} hosts={hosts.data} images={images.data.length} />}
      </Stack>
    </>
  );
}

function Fleet({
  summary,
  hosts,
  images,
}: {
  summary: FleetSummary;
  hosts: readonly Host[];
  images: number;
}) {
  const [address, change] = useAddress();
  const matrix = useMemo(() => fleetMatrix(summary.vms.matrix, summary.hosts.byKernel), [summary]);
  const choose = (choice: MatrixChoice | null) =>
    change({ psci: choice?.version ?? '', kernel: choice === null ? '' : (choice.kernel ?? NO_KERNEL) });
  return (
    <>
      {summary.vms.total === 0 && <FirstSteps hosts={hosts.length} images={images} />}
      {hosts.length > 0 && (
        <Columns aside={<RecentEnds />}>
          <FleetMatrixCard matrix={matrix} chosen={chosenCell(address)} onChoose={choose} />
          <FleetDriftCard {...summary} />
        </Columns>
      )}
      {summary.vms.total > 0 && <VmListCard first={FIRST_VMS} />}
      {hosts.length > 0 && <FleetHostsCard hosts={hosts} />}
    </>
  );
}

/** The cell that the address names: it narrows the list of VMs, which reads the same address. */
function chosenCell(address: URLSearchParams): MatrixChoice | null {
  const [version, kernel] = [address.get('psci'), address.get('kernel')];
  if (version === null || kernel === null) return null;
  return { version, kernel: kernel === NO_KERNEL ? null : kernel };
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

function RecentEnds() {
  const hibernates = useEvents({ kind: 'hibernate', limit: RECENT });
  const powerOffs = useEvents({ kind: 'poweroff', limit: RECENT });
  const events = merge(hibernates.events, powerOffs.events).slice(0, RECENT);
  const error = hibernates.error ?? powerOffs.error;
  const loading = hibernates.loading || powerOffs.loading;
  return (
    <Card title="Recent hibernates and power-offs" flush actions={<Link to="/events">All events</Link>}>
      {error !== null && <Problem error={error} title="The events cannot be read" />}
      {loading && <Loading what="events" />}
      {!loading && error === null && events.length === 0 && (
        <Empty title="None yet">
          <p>When a guest powers off or hibernates, it is told here, with who asked for it.</p>
        </Empty>
      )}
      <EventList
        label="Recent hibernates and power-offs"
        events={events}
        subject={({ vmId }) => <VmLink vmId={vmId} />}
      />
    </Card>
  );
}
