/**
 * The certificate that an agent shows where TLS is configured with an authority for them. It is the host's: its subject's
 * common name, or one of its DNS names, is the name of the host (RFC 6125, section 6.4, without wildcards).
 */
import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../control/refusals.ts';

/** Throws CLIENT_CERTIFICATE_REQUIRED. */
export function checkCertificate(request: FastifyRequest, hostName: string): void {
  const socket = request.raw.socket as Partial<TLSSocket>;
  const certificate = socket.getPeerCertificate?.();
  if (socket.authorized !== true || certificate === undefined) {
    throw new Refusal(
      'CLIENT_CERTIFICATE_REQUIRED',
      'Show a certificate of the authority that the API has for its agents (holdfast agent --tls-cert-file).',
    );
  }
  const names = (certificate.subjectaltname ?? '')
    .split(', ')
    .flatMap((name) => (name.startsWith('DNS:') ? [name.slice('DNS:'.length)] : []));
  if ([certificate.subject?.CN, ...names].includes(hostName)) return;
  throw new Refusal('CLIENT_CERTIFICATE_REQUIRED', `The certificate is not of a host named ${hostName}.`);
}
