/** The event log in pages. */
import { Type } from 'typebox';
import { BEGINNING, formatCursor, parseCursor } from '../../control/events/event-cursor.ts';
import { getEvent, type ObservedRange, readEvents, readEventsBack } from '../../control/events/events.ts';
import type { Labels } from '../../control/labels.ts';
import { Refusal } from '../../control/refusals.ts';
import { getVm } from '../../control/vms/vms.ts';
import { sendResource } from '../plugins/conditional.ts';
import { type EventQuery, filterOf, presentEvent } from '../present/event.ts';
import { closed, Page, ref, Uuid } from '../schemas/common.ts';
import { After, Event, EventFilterQuery, EventParams } from '../schemas/event.ts';
import { VmParams } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

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

const ObservedQuery = {
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only what was observed then or later.' }),
  ),
  until: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only what was observed before then.' }),
  ),
};

interface PageQuery extends EventQuery {
  since?: string;
  until?: string;
  limit?: number;
  order?: 'asc' | 'desc';
  after?: string;
  pageToken?: string;
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
  async function page(query: PageQuery, scope: Labels) {
    if (query.order === 'desc') return pageBack(query, scope);
    const after = query.pageToken ?? query.after;
    const from = after === undefined ? BEGINNING : parseCursor(after);
    const { events, next, more } = await readEvents(
      app.control,
      from,
      filterOf(query, scope),
      query.limit ?? PAGE_EVENTS,
      rangeOf(query),
    );
    return { items: events.map(presentEvent), nextPageToken: more ? formatCursor(next) : null };
  }

  async function pageBack({ after, pageToken, limit = PAGE_EVENTS, ...query }: PageQuery, scope: Labels) {
    if (after !== undefined) {
      throw new Refusal('VALIDATION_FAILED', '"after" goes with the order "asc"; go back with "pageToken".');
    }
    const before = pageToken === undefined ? null : parseCursor(pageToken);
    const { events, more } = await readEventsBack(
      app.control,
      before,
      filterOf(query, scope),
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
      config: { role: 'viewer', scope: 'filtered', refusals: ['INVALID_PAGE_TOKEN'] },
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
    (request) => page(request.query, request.principal.scope),
  );

  app.get(
    '/v1/events/:eventId',
    {
      config: { role: 'viewer', scope: 'filtered', refusals: ['EVENT_NOT_FOUND'] },
      schema: {
        operationId: 'getEvent',
        tags: ['events'],
        summary: 'Get an event',
        params: EventParams,
        response: { 200: ref(Event) },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const event = await getEvent(app.control, eventId, request.principal.scope);
      return sendResource(reply, REVISION, presentEvent(event));
    },
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
      const found = await page({ ...request.query, vmId }, request.principal.scope);
      // A VM without events has to be there.
      if (found.items.length === 0) await getVm(app.control, vmId);
      return found;
    },
  );
};
