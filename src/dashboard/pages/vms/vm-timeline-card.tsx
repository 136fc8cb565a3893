/** The VM's life as a picture, over the time one asks for. */
import { useState } from 'react';
import { useNow } from '../../components/display/time.tsx';
import { TimelinePicture } from '../../components/display/timeline.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { FilterSelect } from '../../components/forms/field.tsx';
import { Card } from '../../components/layout/card.tsx';
import { useEvents } from '../../data/events.ts';
import { useHosts, useOperations } from '../../data/queries.ts';
import { shortId } from '../../model/format.ts';
import { timelineOf } from '../../model/vm-timeline.ts';

/** So many events are drawn; earlier ones are in the list below. */
const MOST_EVENTS = 200;
const HOUR_MS = 3_600_000;
const RANGES = [
  { name: 'All of it', milliseconds: null },
  { name: 'Last hour', milliseconds: HOUR_MS },
  { name: 'Last day', milliseconds: 24 * HOUR_MS },
  { name: 'Last week', milliseconds: 7 * 24 * HOUR_MS },
] as const;

export function VmTimelineCard({ vmId }: { vmId: string }) {
  const events = useEvents({ vmId, limit: MOST_EVENTS });
  const operations = useOperations(vmId).data ?? [];
  const hosts = new Map(useHosts().data?.map((host) => [host.id, host.name]));
  const now = useNow();
  const [range, setRange] = useState<string>(RANGES[0].name);
  const milliseconds = RANGES.find(({ name }) => name === range)?.milliseconds ?? null;
  const newest = events.events[0];
  const timeline = timelineOf(events.events, operations, {
    from: milliseconds === null ? null : now - milliseconds,
    // The clock ticks seldom, and an event may be younger than its last tick.
    now: Math.max(now, newest === undefined ? 0 : new Date(newest.observedAt).getTime()),
  });
  return (
    <Card
      title="Life"
      actions={
        <FilterSelect label="Time shown" value={range} onChange={({ target }) => setRange(target.value)}>
          {RANGES.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </FilterSelect>
      }
    >
      {events.error !== null && <Problem error={events.error} title="The events cannot be read" />}
      {events.loading && <Loading what="events" />}
      {!events.loading && events.error === null && newest === undefined && (
        <Empty title="It has not lived yet">
          <p>Its boots, pauses, hibernations and moves are drawn here, with what was asked of it.</p>
        </Empty>
      )}
      {newest !== undefined && (
        <TimelinePicture timeline={timeline} hostName={(hostId) => hosts.get(hostId) ?? shortId(hostId)} />
      )}
    </Card>
  );
}
