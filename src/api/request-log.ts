/**
 * One line per request, once it has been answered. What changes something, or was refused to somebody, or failed is
 * `info`; reads and the hosts' protocol are `debug`, since clients and agents poll. What failed for now is no news: an
 * outage of Postgres is told once, by whoever lost the connection (control.ts), not by everybody who meets it.
 */
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { actorOf } from '../control/identity/tokens.ts';
import type { Refusal } from '../control/refusals.ts';
import { principalOf } from './plugins/auth.ts';
import { refusalOf } from './plugins/problems.ts';
import { traceOf } from './plugins/tracing.ts';
import { SAFE_METHODS } from './safe-methods.ts';

export class RequestLog extends LogController {
  constructor() {
    // As problems call it.
    super({ requestIdLogLabel: 'requestId' });
  }

  override incomingRequest(): void {
    // Told when it is known what became of it.
  }

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const refusal = refusalOf(request);
    const level = error == null ? levelOf(request, refusal) : 'warn';
    if (!(request.log as Logger).isLevelEnabled(level)) return;
    const { method, ip: address } = request;
    const url = withoutSecrets(request.url);
    const principal = principalOf(request);
    const trace = traceOf(request);
    const line = {
      method,
      url,
      status: reply.statusCode,
      ...(refusal === null ? {} : { code: refusal.code }),
      milliseconds: Math.round(reply.elapsedTime),
      address,
      ...(trace === null ? {} : { traceId: trace.traceId }),
      ...(principal === null ? {} : { actor: actorOf(principal) }),
    };
    if (error != null) request.log.warn({ ...line, err: error }, 'the answer could not be sent');
    else request.log[level](line, 'request');
  }

  override streamError(error: NodeJS.ErrnoException, request: FastifyRequest): void {
    // Whoever follows a stream ends it by going away.
    if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') request.log.debug('the client went away');
    else request.log.warn({ err: error }, 'a stream broke');
  }
}

/** No route takes a secret in its address; somebody may try all the same. */
const SECRET_PARAMETER = /([?&][^=&]*(?:token|secret|password|credential)[^=&]*=)[^&]*/gi;

function withoutSecrets(url: string): string {
  return url.replace(SECRET_PARAMETER, (found, name: string) =>
    /[?&]pageToken=$/.test(name) ? found : `${name}[removed]`,
  );
}

function levelOf(request: FastifyRequest, refusal: Refusal | null): 'info' | 'debug' {
  const { status } = refusal?.kind ?? { status: 200 };
  if (status === 401 || status === 403 || refusal?.code === 'INTERNAL') return 'info';
  const polled = SAFE_METHODS.includes(request.method) || request.routeOptions.config.role === 'agent';
  return polled ? 'debug' : 'info';
}
