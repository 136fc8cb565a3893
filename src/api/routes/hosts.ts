/** Hosts, as operators see and steer them. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { declareLost } from '../../control/hosts/host-loss.ts';
import { changeHost, getHost, type HostRecord, listHosts } from '../../control/hosts/hosts.ts';
import { revokeCredential } from '../../control/identity/host-credentials.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { recordOverride } from '../plugins/audit.ts';
import { ifMatch, sendResource } from '../plugins/conditional.ts';
import { presentHostSummary } from '../present/fingerprint.ts';
import { closed, LabelQuery, Nothing, Page, PageQuery, parseLabels, ref } from '../schemas/common.ts';
import { Host, HostParams, HostPatch } from '../schemas/host.ts';
import type { Routes } from '../types.ts';

const CHANGE_REFUSALS = ['HOST_NOT_FOUND', 'PRECONDITION_FAILED'] as const;

export const hostRoutes: Routes = async (app) => {
  app.get(
    '/v1/hosts',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listHosts',
        tags: ['hosts'],
        summary: 'List hosts, oldest first',
        querystring: Type.Object(
          {
            ...PageQuery,
            ...LabelQuery,
            psciVersion: Type.Optional(
              Type.Enum(PsciVersionSchema.enum, { description: 'Only hosts that accept it.' }),
            ),
          },
          closed,
        ),
        response: { 200: Page(ref(Host)) },
      },
    },
    async (request) => {
      const { label, psciVersion = null } = request.query;
      const filter = { labels: parseLabels(label), psciVersion };
      const page = await pageById(request.query, (part) => listHosts(app.control, filter, part));
      return { ...page, items: page.items.map(presentHost) };
    },
  );

  app.get(
    '/v1/hosts/:hostId',
    {
      config: { role: 'viewer', refusals: ['HOST_NOT_FOUND'] },
      schema: {
        operationId: 'getHost',
        tags: ['hosts'],
        summary: 'Get a host',
        params: HostParams,
        response: { 200: ref(Host) },
      },
    },
    async (request, reply) => {
      const host = await getHost(app.control, request.params.hostId);
      return sendResource(reply, host.revision, presentHost(host));
    },
  );

  app.patch(
    '/v1/hosts/:hostId',
    {
      config: { role: 'operator', refusals: CHANGE_REFUSALS },
      schema: {
        operationId: 'updateHost',
        tags: ['hosts'],
        summary: "Change a host's labels",
        consumes: ['application/merge-patch+json'],
        params: HostParams,
        body: HostPatch,
        response: { 200: ref(Host) },
      },
    },
    async (request, reply) => {
      const { labels = {} } = request.body;
      const host = await changeHost(app.control, request.params.hostId, { labels }, ifMatch(request));
      return sendResource(reply, host.revision, presentHost(host));
    },
  );

  app.post(
    '/v1/hosts/:hostId/declare-lost',
    {
      config: { role: 'admin', refusals: [...CHANGE_REFUSALS, 'HOST_NOT_SILENT'] },
      schema: {
        operationId: 'declareHostLost',
        tags: ['hosts'],
        summary: 'Give up a silent host',
        description:
          'For a host that will not come back, or must not go on with its guests if it does. Its runs end by `lost` and ' +
          'its VMs are `failed`; they can be deleted, or started elsewhere: with disks, by `freshDisks`. It is cordoned. ' +
          'Refused while its lease is alive.',
        params: HostParams,
        body: Nothing,
        response: { 200: ref(Host) },
      },
    },
    async (request, reply) => {
      const host = await declareLost(app.control, request.params.hostId, {
        check: ifMatch(request),
        requestedBy: actorOf(request.principal),
      });
      return sendResource(reply, host.revision, presentHost(host));
    },
  );

  app.post(
    '/v1/hosts/:hostId/revoke-credential',
    {
      config: { role: 'admin', refusals: CHANGE_REFUSALS },
      schema: {
        operationId: 'revokeHostCredential',
        tags: ['hosts'],
        summary: "Let a host's agent in no more",
        description:
          'For a host whose credential may be known to others. What it runs goes on; its lease expires, and its VMs are ' +
          '`unknown` until it enrols again with a token of `POST /v1/enrolment-tokens` that names it.',
        params: HostParams,
        body: Nothing,
        response: { 200: ref(Host) },
      },
    },
    async (request, reply) => {
      const { hostId } = request.params;
      const host = await revokeCredential(app.control, hostId, { check: ifMatch(request) });
      return sendResource(reply, host.revision, presentHost(host));
    },
  );

  app.post(
    '/v1/hosts/:hostId/cordon',
    {
      config: { role: 'operator', refusals: CHANGE_REFUSALS },
      schema: {
        operationId: 'cordonHost',
        tags: ['hosts'],
        summary: 'Place no more runs on a host',
        description: 'What runs there goes on.',
        params: HostParams,
        body: Nothing,
        response: { 200: ref(Host) },
      },
    },
    async (request, reply) => {
      const host = await changeHost(app.control, request.params.hostId, { cordoned: true }, ifMatch(request));
      return sendResource(reply, host.revision, presentHost(host));
    },
  );

  app.post(
    '/v1/hosts/:hostId/uncordon',
    {
      config: { role: 'operator', refusals: [...CHANGE_REFUSALS, 'HOST_DRAINING', 'MAINTENANCE_OPEN'] },
      schema: {
        operationId: 'uncordonHost',
        tags: ['hosts'],
        summary: 'Place runs on a host again',
        description: 'VMs that a drain stopped or hibernated are started again.',
        params: HostParams,
        querystring: Type.Object(
          {
            force: Type.Optional(
              Type.Boolean({
                default: false,
                description: 'Although the host is under maintenance, which that cancels. Audited.',
              }),
            ),
          },
          closed,
        ),
        body: Nothing,
        response: { 200: ref(Host) },
      },
    },
    async (request, reply) => {
      const force = request.query.force ?? false;
      const { hostId } = request.params;
      const host = await changeHost(app.control, hostId, { cordoned: false, force }, ifMatch(request));
      if (force) recordOverride(request, 'uncordoned the host whatever its maintenance says');
      return sendResource(reply, host.revision, presentHost(host));
    },
  );
};

function presentHost(host: HostRecord): Host {
  return {
    id: host.id,
    name: host.name,
    labels: host.labels,
    agentVersion: host.agentVersion,
    kernel: host.kernel,
    bootId: host.bootId,
    psci: { accepted: host.psciAccepted, default: host.psciDefault },
    fingerprint: presentHostSummary(host.fingerprints),
    capacity: { vcpus: host.capacityVcpus, memoryMiB: host.capacityMemoryMiB },
    allocated: { vcpus: host.allocatedVcpus, memoryMiB: host.allocatedMemoryMiB },
    vms: host.vms,
    cordoned: host.cordoned,
    simulated: host.simulated,
    lease: {
      state: host.leaseActive ? 'active' : 'expired',
      expiresAt: host.leaseExpiresAt.toISOString(),
    },
    lastSeenAt: host.lastSeenAt.toISOString(),
    lostAt: host.lostAt?.toISOString() ?? null,
    credentialRevokedAt: host.credentialRevokedAt?.toISOString() ?? null,
    createdAt: host.createdAt.toISOString(),
  };
}
