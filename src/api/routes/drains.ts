/** Emptying hosts. */
import { beginDrain, type DrainView, latestDrain } from '../../control/hosts/drains.ts';
import { getHost } from '../../control/hosts/hosts.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { ifMatch } from '../plugins/conditional.ts';
import { presentOperation } from '../present/operation.ts';
import { ref } from '../schemas/common.ts';
import { Drain, DrainRequest } from '../schemas/drain.ts';
import { HostParams } from '../schemas/host.ts';
import { Operation } from '../schemas/operation.ts';
import type { Routes } from '../types.ts';

export const drainRoutes: Routes = async (app) => {
  app.post(
    '/v1/hosts/:hostId/drain',
    {
      config: { role: 'operator', refusals: ['HOST_DRAINING', 'HOST_NOT_FOUND', 'PRECONDITION_FAILED'] },
      schema: {
        operationId: 'drainHost',
        tags: ['hosts'],
        summary: 'Empty a host',
        description:
          'Cordons the host, then stops, hibernates or moves each VM as its `onDrain` says. The operation shows its ' +
          'progress and can be cancelled. It fails with `DRAIN_INCOMPLETE` when VMs run on. The host stays cordoned; when ' +
          'it is uncordoned, the VMs that this stopped or hibernated are started again, unless somebody has seen to them.',
        params: HostParams,
        body: DrainRequest,
        response: { 202: ref(Operation) },
      },
    },
    async (request, reply) => {
      const { action = null, timeoutSeconds = null, force = false } = request.body;
      const operation = await beginDrain(app.control, request.params.hostId, {
        ...{ action, timeoutSeconds, force },
        check: ifMatch(request),
        requestedBy: actorOf(request.principal),
      });
      reply.code(202).header('location', `/v1/operations/${operation.id}`);
      return presentOperation(operation);
    },
  );

  app.get(
    '/v1/hosts/:hostId/drain',
    {
      config: { role: 'viewer', refusals: ['DRAIN_NOT_FOUND', 'HOST_NOT_FOUND'] },
      schema: {
        operationId: 'getHostDrain',
        tags: ['hosts'],
        summary: 'Get the newest drain of a host, VM by VM',
        params: HostParams,
        response: { 200: ref(Drain) },
      },
    },
    async (request) => {
      await getHost(app.control, request.params.hostId);
      return presentDrain(await latestDrain(app.control, request.params.hostId));
    },
  );
};

function presentDrain({ operation, action, timeoutSeconds, force, vms }: DrainView): Drain {
  return {
    operation: presentOperation(operation),
    ...{ action, timeoutSeconds, force },
    vms: vms.map((vm) => ({
      vmId: vm.vmId,
      name: vm.vmName,
      action: vm.action,
      state: vm.state,
      why: vm.why,
      operationId: vm.operationId,
      returnedAt: vm.returnedAt?.toISOString() ?? null,
    })),
  };
}
