/** One event, wholly: what a link in a ticket leads to. */
import { Link, useParams } from 'react-router';
import { Command, CopyLink, Id } from '../../components/actions/copy.tsx';
import { InitiatorBadge, Version } from '../../components/display/badge.tsx';
import { HibernationBadge } from '../../components/display/event-row.tsx';
import { Exact } from '../../components/display/time.tsx';
import { VmLink } from '../../components/display/vm-link.tsx';
import { Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Card, Facts } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { Columns, PageHead } from '../../components/layout/page.tsx';
import { useEvent } from '../../data/events.ts';
import { statusOf } from '../../data/problems.ts';
import { useHosts } from '../../data/queries.ts';
import type { FleetEvent } from '../../data/types.ts';
import { whatHappened } from '../../model/event-words.ts';
import { bytes } from '../../model/format.ts';

export function EventPage() {
  const { eventId = '' } = useParams();
  const event = useEvent(eventId);
  const gone = statusOf(event.error) === 404;
  return (
    <>
      <PageHead
        title={event.data === undefined ? 'Event' : whatHappened(event.data)}
        crumb={<Link to="/events">Events</Link>}
        beside={event.data !== undefined && <InitiatorBadge initiator={event.data.initiator} />}
        actions={<CopyLink what="a link to this event" />}
      />
      {event.isPending && <Loading what="the event" />}
      {gone && (
        <Notice tone="warning" title="There is no such event">
          <p>Events are never removed: check the address.</p>
        </Notice>
      )}
      {event.isError && !gone && <Problem error={event.error} title="The event cannot be read" />}
      {event.data !== undefined && <EventBody event={event.data} />}
    </>
  );
}

function EventBody({ event }: { event: FleetEvent }) {
  const { vmId, hostId, bootId, psci, kvm, pin, snapshot, migration, reason, intentId } = event;
  const host = useHosts().data?.find(({ id }) => id === hostId);
  return (
    <Columns
      aside={
        <Card title="Where">
          <Facts
            facts={[
              ['VM', <VmLink key="vm" vmId={vmId} />],
              ['Host', host?.name ?? <Id key="host" id={hostId} what="the host’s id" />],
              ['Boot', <Id key="boot" id={bootId} what="the boot’s id" />],
              ['Place', `${event.sequence} of its run`],
              [
                'Around it',
                <Link key="around" to={aroundPath(event)}>
                  What else happened then
                </Link>,
              ],
            ]}
          />
        </Card>
      }
    >
      <Card title="What happened">
        <Facts
          facts={[
            ['Observed', <Exact key="observed" at={event.observedAt} />],
            ['Recorded', <Exact key="recorded" at={event.recordedAt} />],
            [
              'Asked for by',
              <span key="by" className={cells.line}>
                {event.initiator}
                {intentId !== null && <Id id={intentId} what="the request’s id" />}
              </span>,
            ],
            ...(psci === null
              ? []
              : ([
                  [
                    'PSCI',
                    <span key="psci" className={cells.line}>
                      <Version version={psci.version} />
                      {psci.function !== null && <code>{psci.function}</code>}
                      {psci.type !== null && <code>type {psci.type}</code>}
                      {psci.cookie !== null && <code>cookie {psci.cookie}</code>}
                    </span>,
                  ],
                ] as const)),
            ...(event.hibernation === null
              ? []
              : ([
                  [
                    'Hibernated',
                    <span key="hibernation" className={cells.line}>
                      {event.hibernation} <HibernationBadge event={event} />
                    </span>,
                  ],
                ] as const)),
            ...(kvm === null
              ? []
              : ([
                  [
                    'KVM',
                    <code key="kvm">{`system event ${kvm.type}, data ${kvm.data.join(' ') || 'none'}`}</code>,
                  ],
                ] as const)),
            ...(pin === null ? [] : ([['Pin', `${pin.version}: ${pin.why}`]] as const)),
            ...(snapshot === null
              ? []
              : ([
                  [
                    'Snapshot',
                    `${bytes(snapshot.sizeBytes)}, the guest stood still for ${Math.ceil(snapshot.pauseMilliseconds)} ms`,
                  ],
                ] as const)),
            ...(migration === null
              ? []
              : ([
                  [
                    'Moved',
                    <span key="moved" className={cells.line}>
                      from <Id id={migration.fromHostId} what="the former host’s id" />
                    </span>,
                  ],
                ] as const)),
            ...(reason === null ? [] : ([['Reason', reason]] as const)),
          ]}
        />
      </Card>
      <Card title="As the API gives it">
        <Command label="The event as JSON" text={JSON.stringify(event, null, 2)} />
      </Card>
    </Columns>
  );
}

const AROUND_MS = 60_000;

function aroundPath({ observedAt }: FleetEvent): string {
  const at = Date.parse(observedAt);
  const since = new Date(at - AROUND_MS).toISOString();
  const until = new Date(at + AROUND_MS).toISOString();
  return `/events?${new URLSearchParams({ since, until })}`;
}
