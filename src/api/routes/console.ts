/**
 * A VM's serial console: as text, as a stream, and as a WebSocket (plugins/websockets.ts) that takes input too: output
 * comes in binary messages, and every message from the client is typed.
 */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { RawData, WebSocket } from 'ws';
import { hasRole } from '../../control/identity/tokens.ts';
import { Refusal } from '../../control/refusals.ts';
import { typeIntoConsole } from '../../control/vms/console-input.ts';
import { dumpConsole, findBoot, followConsole, keptFrom } from '../../control/vms/console-log.ts';
import { auditSocket } from '../plugins/audit.ts';
import { sessionSignal } from '../plugins/auth.ts';
import { closingSignal } from '../present/closing.ts';
import { closed } from '../schemas/common.ts';
import { VmParams } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

/** Output waits for a client that has so much unsent. */
const MOST_UNSENT_BYTES = 1024 * 1024;
const UNSENT_LOOK_AGAIN_MS = 50;
/** RFC 6455, section 7.4.1. */
const CLOSE = { done: 1000, policy: 1008, broken: 1011, later: 1013 } as const;

const ConsoleQuery = Type.Object(
  {
    bootId: Type.Optional(
      Type.String({ format: 'uuid', description: 'An earlier boot; else the current or last one.' }),
    ),
    follow: Type.Optional(
      Type.Boolean({ default: false, description: 'Stream until the VM is off, over resets too.' }),
    ),
  },
  closed,
);

export const consoleRoutes: Routes = async (app) => {
  app.route({
    method: 'GET',
    url: '/v1/vms/:vmId/console',
    config: { role: 'viewer', refusals: ['BOOT_NOT_FOUND', 'CONSOLE_NOT_KEPT', 'VM_NOT_FOUND'] },
    schema: {
      operationId: 'getConsole',
      tags: ['vms'],
      summary: "A VM's serial console",
      description:
        'The newest 4 MiB of a boot, for the newest 16 boots of the VM; the header `x-console-offset` says how many ' +
        'bytes before them are no longer kept. An upgrade to a WebSocket (subprotocol `holdfast.console.v1`) streams the output ' +
        'in binary messages and types what the client sends, which needs the role operator. A browser offers ' +
        '`holdfast.bearer.<token>` as a second subprotocol.',
      produces: ['text/plain'],
      params: VmParams,
      querystring: ConsoleQuery,
      response: { 200: Type.Unsafe<Readable>({ type: 'string' }) },
    },
    handler: async (request, reply) => {
      const { vmId } = request.params;
      const { follow = false, bootId: named = null } = request.query;
      const bootId = await findBoot(app.control, vmId, named);
      const signal = AbortSignal.any([closingSignal(reply), sessionSignal(request, reply)]);
      const output = follow
        ? followConsole(app.control, vmId, { bootId: named, signal })
        : bootId === null
          ? []
          : dumpConsole(app.control, { vmId, bootId });
      reply.type('text/plain; charset=utf-8').headers({
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      });
      if (bootId !== null) {
        const offset = await keptFrom(app.control, { vmId, bootId });
        reply.header('x-boot-id', bootId).header('x-console-offset', offset);
      }
      // Else the head of the answer would wait for the guest to print something.
      reply.raw.once('pipe', () => reply.raw.flushHeaders());
      return reply.send(Readable.from(output, { objectMode: false }));
    },
    wsHandler: async (socket, request) => {
      const { vmId } = request.params as { vmId: string };
      const { bootId = null } = request.query as { bootId?: string };
      await serveTerminal(socket, { vmId, bootId, request });
    },
  });

  async function serveTerminal(
    socket: WebSocket,
    { vmId, bootId, request }: { vmId: string; bootId: string | null; request: FastifyRequest },
  ): Promise<void> {
    const { principal } = request;
    const gone = new AbortController();
    const session = app.sessions.begin(principal);
    session.signal.addEventListener('abort', () =>
      socket.close(CLOSE.policy, 'The token is good no longer.'),
    );
    socket.once('close', () => {
      session.close();
      gone.abort();
    });
    socket.on('error', () => gone.abort());
    // One message after the other, or what was typed would arrive out of order.
    let typing: Promise<void> | null = null;
    socket.on('message', (message: RawData) => {
      if (!hasRole(principal.role, 'operator')) {
        socket.close(CLOSE.policy, 'Typing needs the role operator.');
        return;
      }
      // That somebody types is audited once, before the first key is pressed.
      typing = (typing ?? auditSocket(app.control, request))
        .then(() => typeIntoConsole(app.control, vmId, bytesOf(message)))
        .catch((error: unknown) => {
          const refused = error instanceof Refusal;
          if (!refused) app.log.error({ err: error }, 'could not type into a console');
          socket.close(refused ? CLOSE.later : CLOSE.broken, refused ? error.code : 'INTERNAL');
        });
    });
    try {
      await findBoot(app.control, vmId, bootId);
      for await (const data of followConsole(app.control, vmId, { bootId, signal: gone.signal })) {
        socket.send(data);
        await drained(socket, gone.signal);
      }
      socket.close(CLOSE.done, 'The VM is off.');
    } catch (error) {
      const refused = error instanceof Refusal;
      if (!refused) app.log.error({ err: error }, 'a console broke');
      socket.close(refused ? CLOSE.policy : CLOSE.broken, refused ? error.code : 'INTERNAL');
    }
  }
};

async function drained(socket: WebSocket, signal: AbortSignal): Promise<void> {
  while (socket.bufferedAmount > MOST_UNSENT_BYTES && !signal.aborted) {
    await new Promise((done) => setTimeout(done, UNSENT_LOOK_AGAIN_MS));
  }
}

function bytesOf(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}
