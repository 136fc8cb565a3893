/** Changing a host's kernel, step by step. */
import { Type } from 'typebox';
import { getHost } from '../../control/hosts/hosts.ts';
import {
  acknowledgeMaintenance,
  beginMaintenance,
  cancelMaintenance,
  latestMaintenance,
  type MaintenanceRecord,
  refuseMaintenance,
} from '../../control/hosts/maintenance.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { runPreflight } from '../../control/policies/preflights.ts';
import { recordOverride } from '../plugins/audit.ts';
import { ifMatch, sendResource } from '../plugins/conditional.ts';
import { closed, Nothing, ref } from '../schemas/common.ts';
import { HostParams } from '../schemas/host.ts';
import { Maintenance, MaintenanceRequest } from '../schemas/maintenance.ts';
import type { Routes } from '../types.ts';

export const maintenanceRoutes: Routes = async (app) => {
  app.post(
    '/v1/hosts/:hostId/maintenance',
    {
      config: {
        role: 'operator',
        refusals: [
          'FINGERPRINT_UNKNOWN',
          'HOST_DRAINING',
          'HOST_NOT_FOUND',
          'HOST_UNKNOWN',
          'MAINTENANCE_OPEN',
          'PRECONDITION_FAILED',
          'PREFLIGHT_OBJECTS',
        ],
      },
      schema: {
        operationId: 'beginMaintenance',
        tags: ['hosts'],
        summary: "Begin to change a host's kernel",
        description:
          'Preflight (where a `target` is named), drain, wait for the reboot, compare what the new kernel accepts and ' +
          'answers with what its VMs have, uncordon. Where a version of theirs is gone or answered otherwise, it waits ' +
          'to be acknowledged. A preflight that objects stays to be read; `PREFLIGHT_OBJECTS` names it.',
        params: HostParams,
        querystring: Type.Object(
          {
            force: Type.Optional(
              Type.Boolean({
                default: false,
                description: 'Begins although VMs could not start with the target. Audited.',
              }),
            ),
          },
          closed,
        ),
        body: MaintenanceRequest,
        response: { 201: ref(Maintenance) },
      },
    },
    async (request, reply) => {
      const { hostId } = request.params;
      const { target, action = null, timeoutSeconds = null, force = false } = request.body;
      const despite = request.query.force ?? false;
      const requestedBy = actorOf(request.principal);
      await refuseMaintenance(app.control, hostId, ifMatch(request));
      const preflight =
        target === undefined ? null : await runPreflight(app.control, { hostId, target }, requestedBy);
      const maintenance = await beginMaintenance(app.control, hostId, {
        ...{ target: target ?? null, preflight, despite, action, timeoutSeconds, force, requestedBy },
        check: ifMatch(request),
      });
      if (despite) recordOverride(request, 'began a maintenance whatever its preflight says');
      reply.code(201).header('location', `/v1/hosts/${hostId}/maintenance`);
      return sendResource(reply, maintenance.revision, presentMaintenance(maintenance));
    },
  );

  app.get(
    '/v1/hosts/:hostId/maintenance',
    {
      config: { role: 'viewer', refusals: ['HOST_NOT_FOUND', 'MAINTENANCE_NOT_FOUND'] },
      schema: {
        operationId: 'getMaintenance',
        tags: ['hosts'],
        summary: 'Get the newest maintenance of a host',
        params: HostParams,
        response: { 200: ref(Maintenance) },
      },
    },
    async (request, reply) => {
      await getHost(app.control, request.params.hostId);
      const maintenance = await latestMaintenance(app.control, request.params.hostId);
      return sendResource(reply, maintenance.revision, presentMaintenance(maintenance));
    },
  );

  app.post(
    '/v1/hosts/:hostId/maintenance/acknowledge',
    {
      config: { role: 'operator', refusals: ['MAINTENANCE_NOT_FOUND', 'MAINTENANCE_STATUS'] },
      schema: {
        operationId: 'acknowledgeMaintenance',
        tags: ['hosts'],
        summary: 'Accept what a new kernel lacks or answers otherwise',
        description: 'The host takes runs again. Audited.',
        params: HostParams,
        body: Nothing,
        response: { 200: ref(Maintenance) },
      },
    },
    async (request, reply) => {
      const { hostId } = request.params;
      const maintenance = await acknowledgeMaintenance(app.control, hostId, actorOf(request.principal));
      recordOverride(request, `uncordoned a host although: ${maintenance.findings.join(' ')}`);
      return sendResource(reply, maintenance.revision, presentMaintenance(maintenance));
    },
  );

  app.post(
    '/v1/hosts/:hostId/maintenance/cancel',
    {
      config: { role: 'operator', refusals: ['MAINTENANCE_NOT_FOUND', 'MAINTENANCE_STATUS'] },
      schema: {
        operationId: 'cancelMaintenance',
        tags: ['hosts'],
        summary: 'End a maintenance where it is',
        description: 'Its drain is cancelled too; the host stays cordoned.',
        params: HostParams,
        body: Nothing,
        response: { 200: ref(Maintenance) },
      },
    },
    async (request, reply) => {
      const { hostId } = request.params;
      const maintenance = await cancelMaintenance(app.control, hostId, actorOf(request.principal));
      return sendResource(reply, maintenance.revision, presentMaintenance(maintenance));
    },
  );
};

function presentMaintenance(maintenance: MaintenanceRecord): Maintenance {
  return {
    id: maintenance.id,
    hostId: maintenance.hostId,
    status: maintenance.status,
    reason: maintenance.reason,
    preflightId: maintenance.preflightId,
    drainOperationId: maintenance.drainId,
    before: maintenance.before,
    after: maintenance.after,
    findings: maintenance.findings,
    acknowledgedBy: maintenance.acknowledgedBy,
    requestedBy: maintenance.requestedBy,
    createdAt: maintenance.createdAt.toISOString(),
    finishedAt: maintenance.finishedAt?.toISOString() ?? null,
  };
}
