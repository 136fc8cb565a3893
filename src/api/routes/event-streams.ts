/** The event log as streams of server-sent events. */
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { BEGINNING, type Cursor, formatCursor, parseCursor } from '../../control/events/event-cursor.ts';
import { EventTail } from '../../control/events/event-tail.ts';
import { type EventFilter, readEvents, type StoredEvent } from '../../control/events/events.ts';
import { getVm } from '../../control/vms/vms.ts';
import { paced } from '../paced.ts';
import { sessionSignal } from '../plugins/auth.ts';
import { closingSignal } from '../present/closing.ts';
import { type EventQuery, filterOf, presentEvent } from '../present/event.ts';
import { closed, Uuid } from '../schemas/common.ts';
import { After, EventFilterQuery } from '../schemas/event.ts';
import { VmParams } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

/** A quiet stream says so, or proxies and clients would take it for dead. */
const KEEP_ALIVE_MS = 15_000;
/** How long an EventSource waits before it comes back, in milliseconds. */
const RETRY_MS = 2_000;
/** Longer than a hiccup of a network; a reader that takes nothing for so long is hung up on. */
const PATIENCE_MS = 30_000;
/** So that a line that is slow takes a piece well within that. */
const FRAMES_AT_ONCE = 20;

/** A named event, which EventSource gives only to those who listen for it, and without an `id`. */
const FAREWELL = `event: reader-too-slow\ndata: ${JSON.stringify({
  code: 'READER_TOO_SLOW',
  detail: `Nothing was taken for ${PATIENCE_MS / 1_000} s. Come back with the last id seen as Last-Event-ID; nothing is lost.`,
})}\n\n`;

const DESCRIPTION =
  'Server-sent events: `id` is the cursor, `data` the event as JSON. Begins with what happens from now on, or after ' +
  '`Last-Event-ID` or `after`. A quiet stream sends a comment every 15 s, with the `id` to resume from. One whose reader ' +
  'takes nothing for 30 s ends with an event named `reader-too-slow`; resume it like any other that ended.';

const Headers = Type.Object({
  'last-event-id': Type.Optional(Type.String({ description: 'The last `id` seen: resume behind it.' })),
});
const Stream = { 200: Type.Unsafe<Readable>({ type: 'string' }) };

/** As it is written: the same for every reader, so made once. */
const frames = new WeakMap<StoredEvent, string>();

function frameOf(event: StoredEvent): string {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const frame = `id: ${formatCursor(event.cursor)}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`;
  frames.set(event, frame);
  return frame;
}

export const eventStreamRoutes: Routes = async (app) => {
  const tail = new EventTail(app.control);
  app.addHook('preClose', () => tail.close());

  app.get(
    '/v1/events/stream',
    {
      config: { role: 'viewer', scope: 'filtered', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'streamEvents',
        tags: ['events'],
        summary: "Follow the fleet's event log",
        description: DESCRIPTION,
        produces: ['text/event-stream'],
        headers: Headers,
        querystring: Type.Object({ after: After, vmId: Type.Optional(Uuid), ...EventFilterQuery }, closed),
        response: Stream,
      },
    },
    async (request, reply) => openStream(request, reply, request.query),
  );

  app.get(
    '/v1/vms/:vmId/events/stream',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN', 'VM_NOT_FOUND'] },
      schema: {
        operationId: 'streamVmEvents',
        tags: ['events'],
        summary: "Follow a VM's events",
        description: DESCRIPTION,
        produces: ['text/event-stream'],
        headers: Headers,
        params: VmParams,
        querystring: Type.Object({ after: After, ...EventFilterQuery }, closed),
        response: Stream,
      },
    },
    async (request, reply) => {
      const { vmId } = request.params;
      // One that is deleted while it is followed has last events, too. One without any has to be there.
      const filter = filterOf({ vmId }, request.principal.scope);
      const { events } = await readEvents(app.control, BEGINNING, filter, 1);
      if (events.length === 0) await getVm(app.control, vmId);
      return openStream(request, reply, { ...request.query, vmId });
    },
  );

  function openStream(
    request: FastifyRequest,
    reply: FastifyReply,
    { after, ...query }: EventQuery & { after?: string },
  ): Readable {
    const given = request.headers['last-event-id'];
    const cursor = typeof given === 'string' && given !== '' ? given : after;
    const from = cursor === undefined ? null : parseCursor(cursor);
    const signal = AbortSignal.any([closingSignal(reply), sessionSignal(request, reply)]);
    const hangUp = (): void => void reply.raw.destroy();
    const pace = { patienceMs: PATIENCE_MS, farewell: FAREWELL, signal, hangUp };
    reply
      .type('text/event-stream; charset=utf-8')
      .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    return paced(messages(from, filterOf(query, request.principal.scope), signal), pace);
  }

  async function* messages(
    from: Cursor | null,
    filter: EventFilter,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    yield `retry: ${RETRY_MS}\n\n`;
    for await (const { events, next } of tail.read(from, filter, { idleMs: KEEP_ALIVE_MS, signal })) {
      // An `id` without data tells nothing but where to resume.
      if (events.length === 0) yield `: keep-alive\nid: ${formatCursor(next)}\n\n`;
      for (let first = 0; first < events.length; first += FRAMES_AT_ONCE) {
        yield events
          .slice(first, first + FRAMES_AT_ONCE)
          .map(frameOf)
          .join('');
      }
    }
  }
};
