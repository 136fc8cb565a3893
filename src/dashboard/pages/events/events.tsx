/** The fleet's event log, newest first: filtered by the address bar, so that what one sees can be sent to a colleague. */
import { Pause, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { CopyLink } from '../../components/actions/copy.tsx';
import { ExportMenu } from '../../components/actions/export-menu.tsx';
import { InitiatorBadge, Version } from '../../components/display/badge.tsx';
import { EventIcon, HibernationBadge } from '../../components/display/event-row.tsx';
import { Exact } from '../../components/display/time.tsx';
import { VmLink } from '../../components/display/vm-link.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { FilterRange, FilterSelect } from '../../components/forms/field.tsx';
import { VmPicker } from '../../components/forms/vm-picker.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { PageHead } from '../../components/layout/page.tsx';
import { type Column, LongTable } from '../../components/layout/table.tsx';
import { type ChangeAddress, momentAt, useAddress } from '../../data/address.ts';
import { useApi } from '../../data/api-context.tsx';
import { EVENT_KINDS, INITIATORS, useEvents } from '../../data/events.ts';
import { readEvents } from '../../data/export.ts';
import { useHosts } from '../../data/queries.ts';
import type { FleetEvent } from '../../data/types.ts';
import { EVENT_COLUMNS } from '../../model/event-csv.ts';
import type { EventFilter } from '../../model/event-log.ts';
import { whatHappened } from '../../model/event-words.ts';
import { shortId } from '../../model/format.ts';

const PAGE = 100;

/** The filter as the address holds it; what makes no sense there is left out. */
function useEventFilter(): [EventFilter, ChangeAddress] {
  const [address, change] = useAddress();
  const filter = useMemo<EventFilter>(
    () => ({
      kind: EVENT_KINDS.find((known) => known === address.get('kind')),
      initiator: INITIATORS.find((known) => known === address.get('initiator')),
      vmId: address.get('vm') ?? undefined,
      hostId: address.get('host') ?? undefined,
      since: momentAt(address, 'since'),
      until: momentAt(address, 'until'),
    }),
    [address],
  );
  return [filter, change];
}

export function EventsPage() {
  const api = useApi();
  const [filter, setFilter] = useEventFilter();
  const { kind, initiator, vmId, hostId, since, until } = filter;
  const hosts = useHosts().data ?? [];
  const events = useEvents({ limit: PAGE, ...filter });
  // While the list is held still, new events are gathered but not shown.
  const [held, setHeld] = useState<readonly FleetEvent[] | null>(null);
  const shown = held ?? events.events;
  const waiting = held === null ? 0 : events.events.length - held.length;
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const hostNames = new Map(hosts.map((host) => [host.id, host.name]));
  const choose = (name: string, value: string) => {
    setHeld(null);
    setFilter({ [name]: value });
  };

  return (
    <>
      <PageHead
        title="Events"
        actions={
          <>
            <CopyLink what="a link to what is shown" />
            <ExportMenu
              name="holdfast-events"
              columns={EVENT_COLUMNS}
              read={(progress) => readEvents(api, filter, progress)}
            />
            <Button onClick={() => setHeld(held === null ? events.events : null)}>
              {held === null ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
              {held === null ? 'Hold still' : `Follow again${waiting > 0 ? ` (${waiting} new)` : ''}`}
            </Button>
          </>
        }
      />
      <Card
        title="Log"
        flush
        actions={
          <>
            <FilterSelect
              label="Kind"
              value={kind ?? ''}
              onChange={(event) => choose('kind', event.target.value)}
            >
              <option value="">Every kind</option>
              {EVENT_KINDS.map((known) => (
                <option key={known}>{known}</option>
              ))}
            </FilterSelect>
            <FilterSelect
              label="Initiator"
              value={initiator ?? ''}
              onChange={(event) => choose('initiator', event.target.value)}
            >
              <option value="">By anybody</option>
              {INITIATORS.map((known) => (
                <option key={known} value={known}>
                  by {known}
                </option>
              ))}
            </FilterSelect>
            <VmPicker vmId={vmId} onChange={(id) => choose('vm', id ?? '')} />
            <FilterSelect
              label="Host"
              value={hostId ?? ''}
              onChange={(event) => choose('host', event.target.value)}
            >
              <option value="">Every host</option>
              {hostId !== undefined && !hostNames.has(hostId) && (
                <option value={hostId}>{shortId(hostId)}</option>
              )}
              {hosts.map((host) => (
                <option key={host.id} value={host.id}>
                  {host.name}
                </option>
              ))}
            </FilterSelect>
            <FilterRange since={since} until={until} onChange={choose} />
          </>
        }
      >
        {events.error !== null && <Problem error={events.error} title="The events cannot be read" />}
        {events.loading && <Loading what="events" />}
        {!events.loading && events.error === null && shown.length === 0 && (
          <Empty title={filtered ? 'No event matches' : 'No events yet'}>
            <p>
              {filtered
                ? 'Widen the filters; new events that match appear by themselves.'
                : 'Start a VM: its boots, power-offs, hibernates, resets and crashes appear here as they happen.'}
            </p>
          </Empty>
        )}
        {shown.length > 0 && (
          <LongTable
            label="Events"
            columns={columnsOf(hostNames)}
            rows={shown}
            rowKey={(event) => event.id}
            total={events.hasOlder ? null : shown.length}
            onNearEnd={held === null && events.hasOlder ? events.loadOlder : undefined}
          />
        )}
        {events.loadingOlder && <Loading what="older events" />}
      </Card>
    </>
  );
}

function columnsOf(hostNames: ReadonlyMap<string, string>): Column<FleetEvent>[] {
  return [
    {
      header: 'Event',
      firm: true,
      cell: (event) => (
        <span className={`${cells.line} ${cells.unbroken}`}>
          <EventIcon kind={event.kind} />
          <Link to={`/events/${event.id}`} className={cells.name}>
            {whatHappened(event)}
          </Link>
          <HibernationBadge event={event} />
        </span>
      ),
    },
    {
      header: 'VM',
      firm: true,
      cell: ({ vmId }) => <VmLink vmId={vmId} />,
    },
    { header: 'By', cell: ({ initiator: who }) => <InitiatorBadge initiator={who} /> },
    {
      header: 'PSCI',
      firm: true,
      cell: ({ psci }) =>
        psci === null ? (
          <span className={cells.quiet}>–</span>
        ) : (
          <span className={`${cells.line} ${cells.unbroken}`}>
            <Version version={psci.version} />
            {psci.function !== null && <code>{psci.function}</code>}
          </span>
        ),
    },
    { header: 'Host', firm: true, minor: true, cell: ({ hostId: id }) => hostNames.get(id) ?? shortId(id) },
    {
      header: 'Detail',
      minor: true,
      cell: ({ reason }) => <span className={cells.quiet}>{reason ?? '–'}</span>,
    },
    { header: 'Observed', firm: true, cell: ({ observedAt }) => <Exact at={observedAt} /> },
  ];
}
