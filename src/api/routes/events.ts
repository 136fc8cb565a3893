/** The event log: in pages, and as a stream of server-sent events. */
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { BEGINNING, type Cursor, formatCursor, parseCursor } from '../../control/event-cursor.ts';
import { EventTail } from '../../control/event-tail.ts';
import {
  type EventFilter,
  getEvent,
  type ObservedRange,
  readEvents,
  readEventsBack,
} from '../../control/events.ts';
import { Refusal } from '../../control/refusals.ts';
import { getVm } from '../../control/vms.ts';
import { sendResource } from '../plugins/conditional.ts';
import { closingSignal } from '../present/closing.ts';
import { presentEvent } from '../present/event.ts';
import { closed, Page, ref, Uuid } from '../schemas/common.ts';
import { After, Event, EventFilterQuery, EventParams } from '../schemas/event.ts';
import { VmParams } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

/** A quiet stream says so, or proxies and clients would take it for dead. */
const KEEP_ALIVE_MS = 15_000;
/** How long an EventSource waits before it comes back, in milliseconds. */
const RETRY_MS = 2_000;

const PAGE_EVENTS = 100;
/** An event never changes. */
const REVISION = 1;

const Paging = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, default: PAGE_EVENTS, description: 'At most so many items.' }),
  ),
  order: Type.Optional(
    Type.Enum(['asc', 'desc'], { default: 'asc', description: 'Oldest or newest first.' }),
  ),
  after: After,
  pageToken: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 50,
      description:
        '`nextPageToken` of the page before, or the `cursor` of an event: the page begins behind it.',
    }),
  ),
};

interface Query {
  kind?: NonNullable<EventFilter['kind']>;
  initiator?: NonNullable<EventFilter['initiator']>;
  vmId?: string;
  hostId?: string;
}

const ObservedQuery = {
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only what was observed then or later.' }),
  ),
  until: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only what was observed before then.' }),
  ),
};

interface PageQuery extends Query {
  since?: string;
  until?: string;
  limit?: number;
  order?: 'asc' | 'desc';
  after?: string;
  pageToken?: string;
}

function filterOf({ kind, initiator, vmId, hostId }: Query): EventFilter {
  return { kind: kind ?? null, initiator: initiator ?? null, vmId: vmId ?? null, hostId: hostId ?? null };
}

function rangeOf({ since, until }: PageQuery): ObservedRange {
  return { since: momentOf('since', since), until: momentOf('until', until) };
}

function momentOf(name: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const moment = new Date(text);
  // A leap second is a time by RFC 3339 and none to JavaScript.
  if (Number.isNaN(moment.getTime())) {
    throw new Refusal('VALIDATION_FAILED', `"${name}" is no moment: give it as 2026-01-31T12:00:00Z.`);
  }
  return moment;
}

export const eventRoutes: Routes = async (app) => {
  const tail = new EventTail(app.control);
  app.addHook('preClose', () => tail.close());

  async function page(query: PageQuery) {
    if (query.order === 'desc') return pageBack(query);
    const after = query.pageToken ?? query.after;
    const from = after === undefined ? BEGINNING : parseCursor(after);
    const { events, next, more } = await readEvents(
      app.control,
      from,
      filterOf(query),
      query.limit ?? PAGE_EVENTS,
      rangeOf(query),
    );
    return { items: events.map(presentEvent), nextPageToken: more ? formatCursor(next) : null };
  }

  async function pageBack({ after, pageToken, limit = PAGE_EVENTS, ...query }: PageQuery) {
    if (after !== undefined) {
      throw new Refusal('VALIDATION_FAILED', '"after" goes with the order "asc"; go back with "pageToken".');
    }
    const before = pageToken === undefined ? null : parseCursor(pageToken);
    const { events, more } = await readEventsBack(
      app.control,
      before,
      filterOf(query),
      limit,
      rangeOf(query),
    );
    const last = events.at(-1);
    const nextPageToken = more && last !== undefined ? formatCursor(last.cursor) : null;
    return { items: events.map(presentEvent), nextPageToken };
  }

  app.get(
    '/v1/events',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listEvents',
        tags: ['events'],
        summary: "Read the fleet's event log",
        description:
          'To follow it, ask again with `after` set to the `cursor` of the last item seen: no event is ever added ' +
          'before a cursor that has been given out.',
        querystring: Type.Object(
          { ...Paging, ...ObservedQuery, vmId: Type.Optional(Uuid), ...EventFilterQuery },
          closed,
        ),
        response: { 200: Page(ref(Event)) },
      },
    },
    (request) => page(request.query),
  );

  app.get(
    '/v1/events/:eventId',
    {
      config: { role: 'viewer', refusals: ['EVENT_NOT_FOUND'] },
      schema: {
        operationId: 'getEvent',
        tags: ['events'],
        summary: 'Get an event',
        params: EventParams,
        response: { 200: ref(Event) },
      },
    },
    async (request, reply) =>
      sendResource(reply, REVISION, presentEvent(await getEvent(app.control, request.params.eventId))),
  );

  app.get(
    '/v1/vms/:vmId/events',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN', 'VM_NOT_FOUND'] },
      schema: {
        operationId: 'listVmEvents',
        tags: ['events'],
        summary: "Read a VM's events",
        description: 'Those of a deleted VM can still be read.',
        params: VmParams,
        querystring: Type.Object({ ...Paging, ...ObservedQuery, ...EventFilterQuery }, closed),
        response: { 200: Page(ref(Event)) },
      },
    },
    async (request) => {
      const { vmId } = request.params;
      const found = await page({ ...request.query, vmId });
      // A VM without events has to be there.
      if (found.items.length === 0) await getVm(app.control, vmId);
      return found;
    },
  );

  app.get(
    '/v1/events/stream',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'streamEvents',
        tags: ['events'],
        summary: "Follow the fleet's event log",
        description:
          'Server-sent events: `id` is the cursor, `data` the event as JSON. Begins with what happens from now on, or ' +
          'after `Last-Event-ID` or `after`. A quiet stream sends a comment every 15 s, with the `id` to resume from.',
        produces: ['text/event-stream'],
        headers: Type.Object({
          'last-event-id': Type.Optional(
            Type.String({ description: 'The last `id` seen: resume behind it.' }),
          ),
        }),
        querystring: Type.Object({ after: After, vmId: Type.Optional(Uuid), ...EventFilterQuery }, closed),
        response: { 200: Type.Unsafe<Readable>({ type: 'string' }) },
      },
    },
    async (request, reply) => {
      const lastEventId = request.headers['last-event-id'] ?? '';
      const after = lastEventId === '' ? request.query.after : lastEventId;
      const from = after === undefined ? null : parseCursor(after);
      const stream = Readable.from(frames(from, filterOf(request.query), closingSignal(reply)));
      reply
        .type('text/event-stream; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      return reply.send(stream);
    },
  );

  async function* frames(
    from: Cursor | null,
    filter: EventFilter,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    yield `retry: ${RETRY_MS}\n\n`;
    for await (const { events, next } of tail.read(from, filter, { idleMs: KEEP_ALIVE_MS, signal })) {
      // An `id` without data tells nothing but where to resume.
      yield events.length === 0
        ? `: keep-alive\nid: ${formatCursor(next)}\n\n`
        : events
            .map(
              (event) =>
                `id: ${formatCursor(event.cursor)}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`,
            )
            .join('');
    }
  }
};
