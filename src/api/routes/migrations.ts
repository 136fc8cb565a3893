/** Moving a VM to another host. */
import { Type } from 'typebox';
import { actorOf } from '../../control/identity/tokens.ts';
import { migrateVm } from '../../control/vms/migrations.ts';
import { ifMatch } from '../plugins/conditional.ts';
import { presentOperation } from '../present/operation.ts';
import { closed, ref } from '../schemas/common.ts';
import { Operation } from '../schemas/operation.ts';
import { VmParams } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

const MigrateBody = Type.Object(
  {
    hostId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'The host to move to. Without it placement chooses another than the present one.',
      }),
    ),
  },
  closed,
);

export const migrationRoutes: Routes = async (app) => {
  app.post(
    '/v1/vms/:vmId/migrate',
    {
      config: {
        role: 'operator',
        refusals: [
          'AGENT_TOO_OLD',
          'FINGERPRINT_MISMATCH',
          'FIRMWARE_FEATURE_MISSING',
          'FIRMWARE_REGISTER_MISSING',
          'HOST_LOST',
          'HOST_UNKNOWN',
          'HOST_UNREACHABLE',
          'NO_HOST_AVAILABLE',
          'OPERATION_IN_PROGRESS',
          'PRECONDITION_FAILED',
          'PSCI_VERSION_NOT_SUPPORTED',
          'VM_ALREADY_ON_HOST',
          'VM_DELETING',
          'VM_MIGRATING',
          'VM_NOT_FOUND',
          'VM_NOT_ON_A_HOST',
          'VM_RESTORING',
        ],
      },
      schema: {
        operationId: 'migrateVm',
        tags: ['vms'],
        summary: 'Move a VM to another host',
        description:
          'A guest that runs is paused, saved with its disks and its firmware, and goes on on the other host under the ' +
          'same pin, in a boot of its own (`restored`, then `migrated`); what lies between is none of its time. A VM ' +
          'that is off is moved with its disks. Until the guest is whole in the store and a host is found, a failure or a ' +
          'cancel lets it go on where it is. A host that refuses it then fails the operation, and the VM goes on on the ' +
          'next one that accepts, its former host among them.',
        params: VmParams,
        body: MigrateBody,
        response: { 202: ref(Operation) },
      },
    },
    async (request, reply) => {
      const operation = await migrateVm(app.control, request.params.vmId, {
        targetHostId: request.body.hostId ?? null,
        check: ifMatch(request),
        requestedBy: actorOf(request.principal),
      });
      reply.code(202).header('location', `/v1/operations/${operation.id}`);
      return presentOperation(operation);
    },
  );
};
