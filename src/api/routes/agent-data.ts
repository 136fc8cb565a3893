/** The part of the hosts' protocol that carries bytes: blobs down, console output up, console input down. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { hostMayRead } from '../../control/hosts/assignments.ts';
import { getBlob, readBlob } from '../../control/images/blobs.ts';
import { Refusal } from '../../control/refusals.ts';
import { waitForInput } from '../../control/vms/console-input.ts';
import { appendConsole } from '../../control/vms/console-log.ts';
import { CONSOLE_OFFSET, ConsoleInputResponse, ConsoleResponse } from '../../wire/agent.ts';
import { etag } from '../plugins/conditional.ts';
import { toProblem } from '../plugins/problems.ts';
import { closingSignal } from '../present/closing.ts';
import { parseRange } from '../range.ts';
import { DigestParams } from '../schemas/blob.ts';
import { closed, Uuid } from '../schemas/common.ts';
import type { Routes } from '../types.ts';
import { Wait } from './agent.ts';

const Bytes = Type.Unsafe<Readable>({ type: 'string', contentMediaType: 'application/octet-stream' });

export const agentDataRoutes: Routes = async (app) => {
  // Whatever its type is said to be, a piece of output is bytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.get(
    '/agent/v1/blobs/:digest',
    {
      config: { role: 'agent', refusals: ['BLOB_NOT_FOUND', 'RANGE_NOT_SATISFIABLE'] },
      schema: {
        operationId: 'fetchBlob',
        tags: ['agent'],
        summary: "The bytes of an image that one of the host's VMs boots",
        description: 'One `Range` is honoured, so that a download can go on where it stopped.',
        produces: ['application/octet-stream'],
        params: DigestParams,
        response: { 200: Bytes, 206: Bytes },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      if (!(await hostMayRead(app.control, request.agent.hostId, digest))) {
        throw new Refusal('BLOB_NOT_FOUND', `No VM of this host needs a blob ${digest}.`);
      }
      const size = Number((await getBlob(app.control, digest)).sizeBytes);
      const range = parseRange(request.headers.range, size);
      const { start, end } = range ?? { start: 0, end: size };
      if (range !== null) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
      reply
        .type('application/octet-stream')
        .headers({ etag: etag(digest), 'accept-ranges': 'bytes', 'content-length': end - start });
      return reply.send(Readable.from(readBlob(app.control, digest, start, end), { objectMode: false }));
    },
  );

  app.put(
    '/agent/v1/vms/:vmId/console/:bootId',
    {
      config: { role: 'agent', refusals: ['CONSOLE_OFFSET', 'VM_NOT_FOUND'] },
      schema: {
        operationId: 'appendConsole',
        tags: ['agent'],
        summary: 'Deliver console output',
        description:
          'The body is the bytes. A piece that does not start where the stored output ends is refused, and ' +
          '`expectedOffset` of the problem says where that is.',
        consumes: ['application/octet-stream'],
        params: Type.Object({ vmId: Uuid, bootId: Uuid }, closed),
        querystring: Type.Object(
          { offset: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) },
          closed,
        ),
        response: { 200: ConsoleResponse },
      },
    },
    async (request, reply) => {
      const { offset } = request.query;
      const data = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const appended = await appendConsole(app.control, request.agent.hostId, {
        ...request.params,
        offset,
        data,
      });
      if (appended.taken) return { nextOffset: appended.nextOffset };
      const refusal = new Refusal(
        CONSOLE_OFFSET,
        `The stored output ends at ${appended.nextOffset}, the piece starts at ${offset}.`,
      );
      // A problem with one member more than others have.
      return (reply as FastifyReply)
        .code(refusal.kind.status)
        .type('application/problem+json')
        .serializer(JSON.stringify)
        .send({ ...toProblem(refusal, request.id), expectedOffset: appended.nextOffset });
    },
  );

  app.get(
    '/agent/v1/console-input',
    {
      config: { role: 'agent' },
      schema: {
        operationId: 'getConsoleInput',
        tags: ['agent'],
        summary: "What was typed into the consoles of the host's VMs",
        description: 'What comes after the position `after`; without it, from now on.',
        querystring: Type.Object(
          { after: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })), wait: Wait },
          closed,
        ),
        response: { 200: ConsoleInputResponse },
      },
    },
    (request, reply) =>
      waitForInput(app.control, request.agent.hostId, {
        after: request.query.after === undefined ? null : BigInt(request.query.after),
        seconds: request.query.wait ?? 0,
        signal: closingSignal(reply),
      }),
  );
};
