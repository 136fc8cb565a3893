/** The fleet's event log, newest first: filtered by the address bar, so that what one sees can be sent to a colleague. */
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { InitiatorBadge, Version } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import cells from '../components/cells.module.css';
import { EventIcon, HibernationBadge } from '../components/event-row.tsx';
import { FilterSelect } from '../components/field.tsx';
import { Empty, Loading, Problem } from '../components/notice.tsx';
import { PageHead } from '../components/page.tsx';
import { type Column, Table } from '../components/table.tsx';
import { Exact } from '../components/time.tsx';
import { EVENT_KINDS, INITIATORS, useEvents } from '../data/events.ts';
import { useFleet, useHosts } from '../data/queries.ts';
import type { FleetEvent } from '../data/types.ts';
import { whatHappened } from '../model/event-words.ts';
import { shortId } from '../model/format.ts';
import { LoadOlder } from './load-older.tsx';

export function EventsPage() {
  const [search, setSearch] = useSearchParams();
  const vms = useFleet().data?.vms ?? [];
  const hosts = useHosts().data ?? [];
  const kind = EVENT_KINDS.find((known) => known === search.get('kind'));
  const initiator = INITIATORS.find((known) => known === search.get('initiator'));
  const vmId = search.get('vm') ?? undefined;
  const hostId = search.get('host') ?? undefined;
  const events = useEvents({ limit: 50, kind, initiator, vmId, hostId });
  // While the list is held still, new events are gathered but not shown.
  const [held, setHeld] = useState<readonly FleetEvent[] | null>(null);
  const shown = held ?? events.events;
  const waiting = held === null ? 0 : events.events.length - held.length;
  const filtered = [kind, initiator, vmId, hostId].some((value) => value !== undefined);
  const vmNames = new Map(vms.map((vm) => [vm.id, vm.name]));
  const hostNames = new Map(hosts.map((host) => [host.id, host.name]));

  const choose = (name: string, value: string) => {
    setHeld(null);
    setSearch(
      (current) => {
        if (value === '') current.delete(name);
        else current.set(name, value);
        return current;
      },
      { replace: true },
    );
  };

  const columns: Column<FleetEvent>[] = [
    {
      header: 'Event',
      firm: true,
      cell: (event) => (
        <span className={`${cells.line} ${cells.unbroken}`}>
          <EventIcon kind={event.kind} />
          <strong className={cells.name}>{whatHappened(event)}</strong>
          <HibernationBadge event={event} />
        </span>
      ),
    },
    {
      header: 'VM',
      firm: true,
      cell: ({ vmId: id }) => (
        <Link to={`/vms/${id}`} className={cells.name}>
          {vmNames.get(id) ?? shortId(id)}
        </Link>
      ),
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

  return (
    <>
      <PageHead
        title="Events"
        actions={
          <Button onClick={() => setHeld(held === null ? events.events : null)}>
            {held === null ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
            {held === null ? 'Hold still' : `Follow again${waiting > 0 ? ` (${waiting} new)` : ''}`}
          </Button>
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
            <FilterSelect
              label="VM"
              value={vmId ?? ''}
              onChange={(event) => choose('vm', event.target.value)}
            >
              <option value="">Every VM</option>
              {vmId !== undefined && !vmNames.has(vmId) && <option value={vmId}>{shortId(vmId)}</option>}
              {vms.map((vm) => (
                <option key={vm.id} value={vm.id}>
                  {vm.name}
                </option>
              ))}
            </FilterSelect>
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
          <Table label="Events" columns={columns} rows={shown} rowKey={(event) => event.id} />
        )}
        {held === null && <LoadOlder events={events} />}
      </Card>
    </>
  );
}
