/** Snapshots of a VM. One never changes; a VM goes on from it by POST /v1/vms with its id. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { deleteSnapshot, getSnapshot, listSnapshots, requestSnapshot } from '../../control/vms/snapshots.ts';
import { checkIfMatch, etag, ifMatch, sendResource } from '../plugins/conditional.ts';
import { presentOperation } from '../present/operation.ts';
import { presentSnapshot } from '../present/snapshot.ts';
import { closed, Page, PageQuery, ref } from '../schemas/common.ts';
import { Operation } from '../schemas/operation.ts';
import { NewSnapshot, Snapshot, SnapshotParams } from '../schemas/snapshot.ts';
import { VmParams } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

const REVISION = 1;

export const snapshotRoutes: Routes = async (app) => {
  app.post(
    '/v1/vms/:vmId/snapshots',
    {
      config: {
        role: 'operator',
        refusals: [
          'HOST_UNREACHABLE',
          'OPERATION_IN_PROGRESS',
          'PRECONDITION_FAILED',
          'VM_DELETING',
          'VM_MIGRATING',
          'VM_NOT_FOUND',
          'VM_NOT_RUNNING',
        ],
      },
      schema: {
        operationId: 'createSnapshot',
        tags: ['snapshots'],
        summary: 'Save a guest',
        description:
          'Memory, CPUs, devices and disks as they are at one instant. A guest that runs stands still for that instant ' +
          'and goes on while it is written; one that is paused stays so. The operation names the `snapshotId`; the ' +
          'snapshot is there once it has succeeded. A save that fails (`DISK_FULL`) does not concern the guest.',
        params: VmParams,
        body: NewSnapshot,
        response: { 202: ref(Operation) },
      },
    },
    async (request, reply) => {
      const operation = await requestSnapshot(app.control, request.params.vmId, {
        name: request.body.name ?? null,
        check: ifMatch(request),
        requestedBy: actorOf(request.principal),
      });
      reply.code(202).header('location', `/v1/operations/${operation.id}`);
      return presentOperation(operation);
    },
  );

  app.get(
    '/v1/vms/:vmId/snapshots',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN', 'VM_NOT_FOUND'] },
      schema: {
        operationId: 'listSnapshots',
        tags: ['snapshots'],
        summary: "List a VM's snapshots, oldest first",
        description: 'Also those of a VM that is deleted.',
        params: VmParams,
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(Snapshot)) },
      },
    },
    async (request) => {
      const { vmId } = request.params;
      const page = await pageById(request.query, (part) => listSnapshots(app.control, vmId, part));
      return { ...page, items: page.items.map(presentSnapshot) };
    },
  );

  app.get(
    '/v1/vms/:vmId/snapshots/:snapshotId',
    {
      config: { role: 'viewer', refusals: ['SNAPSHOT_NOT_FOUND'] },
      schema: {
        operationId: 'getSnapshot',
        tags: ['snapshots'],
        summary: 'Get a snapshot',
        params: SnapshotParams,
        response: { 200: ref(Snapshot) },
      },
    },
    async (request, reply) => {
      const { vmId, snapshotId } = request.params;
      return sendResource(reply, REVISION, presentSnapshot(await getSnapshot(app.control, vmId, snapshotId)));
    },
  );

  app.delete(
    '/v1/vms/:vmId/snapshots/:snapshotId',
    {
      config: {
        role: 'operator',
        refusals: ['PRECONDITION_FAILED', 'SNAPSHOT_IN_USE', 'SNAPSHOT_NOT_FOUND'],
      },
      schema: {
        operationId: 'deleteSnapshot',
        tags: ['snapshots'],
        summary: 'Delete a snapshot that no VM waits to go on from',
        description: 'Its file goes with it. VMs that went on from it keep what they have.',
        params: SnapshotParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      checkIfMatch(request, etag(REVISION));
      const { vmId, snapshotId } = request.params;
      await deleteSnapshot(app.control, vmId, snapshotId);
      return reply.code(204).send(null);
    },
  );
};
