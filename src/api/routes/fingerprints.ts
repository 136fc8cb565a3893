/** What hosts' KVM answers to PSCI calls: each behaviour that the fleet has seen, and that of a host. */
import { Type } from 'typebox';
import { pageByDigest } from '../../control/database/page.ts';
import { getFingerprint, hostFingerprint, listFingerprints } from '../../control/hosts/fingerprints.ts';
import { Refusal } from '../../control/refusals.ts';
import { etag } from '../plugins/conditional.ts';
import {
  presentFingerprint,
  presentHostFingerprint,
  presentListedFingerprint,
} from '../present/fingerprint.ts';
import { closed, Page, PageQuery, ref } from '../schemas/common.ts';
import { DigestParam, Fingerprint, FingerprintSummary, HostFingerprint } from '../schemas/fingerprint.ts';
import { HostParams } from '../schemas/host.ts';
import type { Routes } from '../types.ts';

export const fingerprintRoutes: Routes = async (app) => {
  app.get(
    '/v1/fingerprints',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listFingerprints',
        tags: ['psci'],
        summary: "List what hosts' KVM has been found to answer",
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(FingerprintSummary)) },
      },
    },
    async (request) => {
      const page = await pageByDigest(request.query, (part) => listFingerprints(app.control, part));
      return { ...page, items: page.items.map(presentListedFingerprint) };
    },
  );

  app.get(
    '/v1/fingerprints/:digest',
    {
      config: { role: 'viewer', refusals: ['FINGERPRINT_NOT_FOUND'] },
      schema: {
        operationId: 'getFingerprint',
        tags: ['psci'],
        summary: 'Get a fingerprint with every answer',
        params: Type.Object({ digest: DigestParam }, closed),
        response: { 200: ref(Fingerprint) },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const found = await getFingerprint(app.control, digest);
      // What names it is what it is; hosts come and go beside it.
      reply.header('etag', etag(`${digest}.${found.hosts}.${found.kernels.length}`));
      return presentFingerprint(found);
    },
  );

  app.get(
    '/v1/hosts/:hostId/fingerprint',
    {
      config: { role: 'viewer', refusals: ['FINGERPRINT_NOT_FOUND', 'HOST_NOT_FOUND'] },
      schema: {
        operationId: 'getHostFingerprint',
        tags: ['psci'],
        summary: "What a host's KVM answers, and what is odd about it",
        description:
          'Every answer, each that differs from what Linux is known to answer, and each that differs from what the ' +
          "host's kernel answered before, in words.",
        params: HostParams,
        response: { 200: ref(HostFingerprint) },
      },
    },
    async (request, reply) => {
      const { current, previous } = await hostFingerprint(app.control, request.params.hostId);
      if (current === null) {
        throw new Refusal(
          'FINGERPRINT_NOT_FOUND',
          'The host has not told yet what its KVM answers. Its agent measures that in the first minutes of each boot.',
        );
      }
      reply.header('etag', etag(`${current.fingerprint.digest}.${current.bootId}`));
      return presentHostFingerprint(current, previous);
    },
  );
};
