/** VMs: to ask for, to read, to change, to delete. What can be done with one is in vm-actions.ts. */
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { LARGEST_LIMIT, pageById } from '../../control/database/page.ts';
import { countHostsByPsci, getHost } from '../../control/hosts/hosts.ts';
import {
  isScoped,
  refuseForeignSnapshot,
  refuseLeaving,
  refuseOutside,
} from '../../control/identity/scope.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { DEFAULT_NETWORK } from '../../control/vms/nics.ts';
import type { RequestedShape } from '../../control/vms/snapshots.ts';
import { INSECURE_OVERRIDE, MISSING_OVERRIDE, patchVm } from '../../control/vms/vm-patch.ts';
import { VM_PHASES } from '../../control/vms/vm-phase.ts';
import { listVmVersions, type VmVersion } from '../../control/vms/vm-query.ts';
import { createVm, deleteVm, getVm } from '../../control/vms/vms.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { TEXT_PATTERN } from '../../wire/text.ts';
import { recordOverride } from '../plugins/audit.ts';
import { ifMatch, sendResource } from '../plugins/conditional.ts';
import { UUID } from '../plugins/validation.ts';
import { presentOperation } from '../present/operation.ts';
import { presentVm, presentVmPsci } from '../present/vm.ts';
import { written } from '../present/written.ts';
import { WrittenVms } from '../present/written-vms.ts';
import { closed, LabelQuery, Page, PageQuery, parseLabels, ref, Uuid } from '../schemas/common.ts';
import { Operation } from '../schemas/operation.ts';
import { NewVm, type NewVmBody, Vm, VmParams, VmPatch, VmPsci } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

/** For the audit. */
const SKIP_OVERRIDE = 'allowed a guest to go on without registers that its host lacks';

/** How long a guest has to power off when a patch of `powerState` stops it, in seconds. */
const STOP_TIMEOUT_SECONDS = 60;

const VmPage = Page(ref(Vm));
type VmPage = Static<typeof VmPage>;

export const vmRoutes: Routes = async (app) => {
  const writtenVms = new WrittenVms(app.control, app.writerOf(ref(Vm)));
  const looks = new WeakMap<FastifyRequest, Promise<VmVersion | undefined>>();

  app.post(
    '/v1/vms',
    {
      config: {
        role: 'operator',
        scope: 'filtered',
        refusals: [
          'DISKS_STAY',
          'DUPLICATE_DISK_NAME',
          'DUPLICATE_NIC_NAME',
          'IMAGE_UNKNOWN',
          'MAC_INVALID',
          'MAC_TAKEN',
          'MEMORY_EXCEEDS_HOSTS',
          'NETWORK_FULL',
          'NETWORK_UNKNOWN',
          'PSCI_VERSION_INSECURE',
          'PSCI_VERSION_NOT_ALLOWED',
          'PSCI_VERSION_REQUIRED',
          'SNAPSHOT_MISMATCH',
          'SNAPSHOT_PIN_FIXED',
          'SNAPSHOT_UNKNOWN',
          'VCPUS_EXCEED_HOSTS',
          'VM_NAME_TAKEN',
        ],
      },
      schema: {
        operationId: 'createVm',
        tags: ['vms'],
        summary: 'Create a VM',
        description:
          'With `"powerState": "running"` it is also started, as soon as a host can take it: until then its phase is ' +
          '`pending` and `reason` says why. The header `Operation-Location` names that start. With `snapshotId` its first ' +
          'start goes on from the snapshot: hardware and firmware come from there, and a contradiction is refused.',
        body: ref(NewVm),
        response: { 201: ref(Vm) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { labels = {}, snapshotId = null } = body;
      const { scope } = request.principal;
      refuseOutside(scope, labels);
      if (snapshotId !== null && isScoped(scope)) await refuseForeignSnapshot(app.control, scope, snapshotId);
      const { vm, operationId } = await createVm(
        app.control,
        {
          ...{ name: body.name, labels, snapshotId },
          ...shapeOf(body),
          skipAbsentRegisters: body.skipAbsentRegisters ?? false,
          psci: body.psci ?? {},
          onGuest: { poweroff: 'stop', reset: 'restart', crash: 'stop', ...body.onGuest },
          hostSelector: body.hostSelector ?? {},
          onDrain: body.onDrain ?? 'stop',
          powerState: body.powerState ?? 'stopped',
        },
        actorOf(request.principal),
      );
      const overrides = [
        ...(vm.psciAllowInsecure ? [INSECURE_OVERRIDE] : []),
        ...(vm.psciAllowMissing ? [MISSING_OVERRIDE] : []),
        ...(vm.skipAbsentRegisters ? [SKIP_OVERRIDE] : []),
      ];
      if (overrides.length > 0) recordOverride(request, overrides.join('; '));
      reply.code(201).header('location', `/v1/vms/${vm.id}`);
      if (operationId !== null) reply.header('operation-location', `/v1/operations/${operationId}`);
      return sendResource(reply, vm.revision, presentVm(vm));
    },
  );

  app.get(
    '/v1/vms',
    {
      config: { role: 'viewer', scope: 'filtered', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listVms',
        tags: ['vms'],
        summary: 'List VMs, oldest first',
        querystring: Type.Object(
          {
            ...PageQuery,
            ...LabelQuery,
            id: Type.Optional(
              Type.Array(Uuid, { maxItems: LARGEST_LIMIT, description: 'Given several times, any of them.' }),
            ),
            phase: Type.Optional(Type.Enum(VM_PHASES)),
            hostId: Type.Optional(Uuid),
            kernel: Type.Optional(
              Type.String({
                pattern: '^[A-Za-z0-9._+~-]{1,100}$',
                description:
                  '`uname -r` of its host, or how that begins, up to a dot or a hyphen: `6.12`. `none`: on no host.',
              }),
            ),
            search: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 100,
                pattern: TEXT_PATTERN,
                description:
                  'A part of its name or of a label `key:value`, or the beginning of its id; case does not matter.',
              }),
            ),
            psciVersion: Type.Optional(
              Type.Enum(PsciVersionSchema.enum, { description: 'By `psci.effective`.' }),
            ),
          },
          closed,
        ),
        response: { 200: VmPage },
      },
    },
    async (request) => {
      const { id = null, label, phase = null, hostId = null } = request.query;
      const { kernel = null, psciVersion = null, search = null } = request.query;
      // What a scope asks for is one more filter.
      const labels = [...parseLabels(label), ...Object.entries(request.principal.scope)];
      const filter = { ids: id, labels, phase, hostId, kernel, psciVersion, search };
      const page = await pageById(request.query, (part) => listVmVersions(app.control.pool, filter, part));
      return written<VmPage>(await writtenVms.page(page, filter));
    },
  );

  app.get(
    '/v1/vms/:vmId',
    {
      config: {
        role: 'viewer',
        refusals: ['VM_NOT_FOUND'],
        ahead: (request) => {
          const { vmId = '' } = request.params as { vmId?: string };
          if (!UUID.test(vmId)) return;
          const look = app.control.reads.vmVersion(vmId.toLowerCase());
          // Whoever is let in hears of it.
          look.catch(() => undefined);
          looks.set(request, look);
        },
      },
      schema: {
        operationId: 'getVm',
        tags: ['vms'],
        summary: 'Get a VM',
        params: VmParams,
        response: { 200: ref(Vm) },
      },
    },
    async (request, reply) => {
      const { revision, json } = await writtenVms.find(request.params.vmId, looks.get(request));
      return sendResource(reply, revision, written<Vm>(json));
    },
  );

  app.get(
    '/v1/vms/:vmId/psci',
    {
      config: { role: 'viewer', refusals: ['VM_NOT_FOUND'] },
      schema: {
        operationId: 'explainVmPsci',
        tags: ['vms'],
        summary: "Explain a VM's pin",
        description:
          'Every candidate for the next boot, the one that wins, and why; and whether the pin can change.',
        params: VmParams,
        response: { 200: ref(VmPsci) },
      },
    },
    async (request) => {
      const vm = await getVm(app.control, request.params.vmId);
      const host = vm.hostId === null ? null : await getHost(app.control, vm.hostId);
      return presentVmPsci(vm, host, await countHostsByPsci(app.control));
    },
  );

  app.patch(
    '/v1/vms/:vmId',
    {
      config: {
        role: 'operator',
        refusals: [
          'DISKS_STAY',
          'FIELD_IMMUTABLE',
          'HOST_UNREACHABLE',
          'MEMORY_EXCEEDS_HOSTS',
          'NO_HOST_AVAILABLE',
          'OPERATION_IN_PROGRESS',
          'PRECONDITION_FAILED',
          'PSCI_PIN_LOCKED',
          'PSCI_VERSION_INSECURE',
          'PSCI_VERSION_NOT_ALLOWED',
          'PSCI_VERSION_NOT_SUPPORTED',
          'PSCI_VERSION_REQUIRED',
          'VCPUS_EXCEED_HOSTS',
          'VM_DELETING',
          'VM_HIBERNATED',
          'VM_NOT_FOUND',
          'VM_PAUSED',
          'VM_RUNNING',
        ],
      },
      schema: {
        operationId: 'updateVm',
        tags: ['vms'],
        summary: 'Change a VM',
        description:
          'A merge patch (RFC 7396), all or nothing. `vcpus`, `memoryMiB`, `cmdline` and `onGuest` can change while the ' +
          'VM is off; `psci` while it is off and has not hibernated. A change of `powerState` begins an operation, ' +
          'named by the header `Operation-Location`.',
        consumes: ['application/merge-patch+json'],
        params: VmParams,
        querystring: Type.Object(
          {
            force: Type.Optional(
              Type.Boolean({
                default: false,
                description:
                  'Changes the pin or the hardware although the guest has, or may have, hibernated. Audited.',
              }),
            ),
          },
          closed,
        ),
        body: ref(VmPatch),
        response: { 200: ref(Vm) },
      },
    },
    async (request, reply) => {
      refuseLeaving(request.principal.scope, request.body.labels);
      const { vm, operationId, override } = await patchVm(app.control, request.params.vmId, request.body, {
        check: ifMatch(request),
        force: request.query.force ?? false,
        requestedBy: actorOf(request.principal),
        stopTimeoutSeconds: STOP_TIMEOUT_SECONDS,
      });
      if (override !== null) recordOverride(request, override);
      if (operationId !== null) reply.header('operation-location', `/v1/operations/${operationId}`);
      return sendResource(reply, vm.revision, presentVm(vm));
    },
  );

  app.delete(
    '/v1/vms/:vmId',
    {
      config: { role: 'operator', refusals: ['PRECONDITION_FAILED', 'VM_NOT_FOUND', 'VM_RUNNING'] },
      schema: {
        operationId: 'deleteVm',
        tags: ['vms'],
        summary: 'Delete a VM and its disks',
        description: 'Its events stay. Asking again answers with the same operation.',
        params: VmParams,
        response: { 202: ref(Operation) },
      },
    },
    async (request, reply) => {
      const operation = await deleteVm(app.control, request.params.vmId, {
        check: ifMatch(request),
        requestedBy: actorOf(request.principal),
      });
      reply.code(202).header('location', `/v1/operations/${operation.id}`);
      return presentOperation(operation);
    },
  );
};

/** What the body says of the VM's shape; what it leaves out is for a snapshot to say, or is nothing. */
function shapeOf({ vcpus, memoryMiB, imageId, cmdline, disks, nics, vsock }: NewVmBody): RequestedShape {
  return {
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(memoryMiB === undefined ? {} : { memoryMiB }),
    ...(imageId === undefined ? {} : { imageId }),
    ...(cmdline === undefined ? {} : { cmdline }),
    ...(vsock === undefined ? {} : { vsock }),
    ...(disks === undefined
      ? {}
      : { disks: disks.map((disk) => ({ ...disk, readOnly: disk.readOnly ?? false })) }),
    ...(nics === undefined
      ? {}
      : {
          nics: nics.map(({ name, mac, network = DEFAULT_NETWORK }) => ({
            ...{ name, network },
            mac: mac?.toLowerCase() ?? null,
          })),
        }),
  };
}
