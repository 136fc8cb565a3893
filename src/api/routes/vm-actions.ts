/** What can be done with a VM: one POST per action, each answered with an operation. */
import { type Static, type TObject, Type } from 'typebox';
import { DEFAULT_TIMEOUT_SECONDS } from '../../control/hosts/assignments.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import type { RefusalCode } from '../../control/refusals.ts';
import { actOnVm } from '../../control/vms/vm-act.ts';
import { ACTION_TABLE, VM_ACTIONS, type VmAction } from '../../control/vms/vm-actions.ts';
import { recordOverride } from '../plugins/audit.ts';
import { ifMatch } from '../plugins/conditional.ts';
import { presentOperation } from '../present/operation.ts';
import { closed, Nothing, ref } from '../schemas/common.ts';
import { Operation } from '../schemas/operation.ts';
import { VmParams } from '../schemas/vm.ts';
import type { Routes } from '../types.ts';

function timeout(action: 'stop' | 'hibernate') {
  return Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 86_400,
      default: DEFAULT_TIMEOUT_SECONDS[action],
      description: 'How long the guest has to answer, in seconds.',
    }),
  );
}

const StopBody = Type.Object(
  {
    timeoutSeconds: timeout('stop'),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'End the VM when its guest does not answer in time.',
      }),
    ),
  },
  closed,
);
const StartBody = Type.Object(
  {
    freshDisks: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'With blank disks on another host, when the one that has them was declared lost.',
      }),
    ),
    anyFingerprint: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Let a guest that goes on, or may, do so where PSCI calls are answered otherwise than it knows; the audit ' +
          'notes it. `GET /v1/hosts/{hostId}/fingerprint` has the difference in words.',
      }),
    ),
  },
  closed,
);
const HibernateBody = Type.Object({ timeoutSeconds: timeout('hibernate') }, closed);
/** What the three kinds of bodies can hold. */
type ActionBody = Partial<Static<typeof StopBody> & Static<typeof StartBody>>;

const ACTIONS: Record<VmAction, { summary: string; description: string; body: TObject }> = {
  start: {
    summary: 'Start a VM',
    description: 'Chooses a host and resolves the pin. A hibernated VM resumes, under the pin it had.',
    body: StartBody,
  },
  stop: {
    summary: 'Ask the guest to power off',
    description:
      'Presses the power key. Succeeds when the guest is off; fails with `GUEST_DID_NOT_RESPOND` after the timeout, ' +
      'unless `force` ends the VM then.',
    body: StopBody,
  },
  kill: {
    summary: 'End a VM without asking its guest',
    description: 'Always possible while the VM has a run; takes the place of any open operation.',
    body: Nothing,
  },
  pause: { summary: "Stop a VM's CPUs", description: 'Its memory stays.', body: Nothing },
  resume: { summary: "Let a paused VM's CPUs go on", description: '', body: Nothing },
  reset: {
    summary: 'Reset a VM without asking its guest',
    description: 'A new boot, with the same pin.',
    body: Nothing,
  },
  hibernate: {
    summary: 'Ask the guest to hibernate',
    description:
      'Presses the suspend key; the guest needs a place to hibernate to. Below PSCI 1.3 a guest cannot say that it ' +
      'hibernates: the operation carries a `note`, succeeds when the guest is off, and `hibernation` is `unknown`.',
    body: HibernateBody,
  },
};

const FINGERPRINT_OVERRIDE = 'anyFingerprint: a guest that goes on may be answered otherwise than it knows.';

/** The action's own refusals, from its table. */
function refusalsOf(action: VmAction): RefusalCode[] {
  const codes = new Set<RefusalCode>(Object.values(ACTION_TABLE[action]).filter((code) => code !== null));
  for (const code of ['OPERATION_IN_PROGRESS', 'PRECONDITION_FAILED', 'VM_DELETING', 'VM_NOT_FOUND'] as const)
    codes.add(code);
  if (action === 'start')
    codes
      .add('DISKS_NOT_LOST')
      .add('FINGERPRINT_MISMATCH')
      .add('NO_HOST_AVAILABLE')
      .add('PSCI_VERSION_NOT_SUPPORTED');
  return [...codes].sort();
}

export const vmActionRoutes: Routes = async (app) => {
  for (const action of VM_ACTIONS) {
    const { summary, description, body } = ACTIONS[action];
    app.post(
      `/v1/vms/:vmId/${action}`,
      {
        config: { role: 'operator', refusals: refusalsOf(action) },
        schema: {
          operationId: `${action}Vm`,
          tags: ['vms'],
          summary,
          description,
          params: VmParams,
          body,
          response: { 202: ref(Operation) },
        },
      },
      async (request, reply) => {
        const { timeoutSeconds, force, freshDisks, anyFingerprint } = request.body as ActionBody;

        const operation = await actOnVm(app.control, request.params.vmId, {
          action,
          check: ifMatch(request),
          ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
          ...(force === undefined ? {} : { force }),
          ...(freshDisks === undefined ? {} : { freshDisks }),
          ...(anyFingerprint === undefined ? {} : { anyFingerprint }),
          requestedBy: actorOf(request.principal),
        });
        if (anyFingerprint === true) recordOverride(request, FINGERPRINT_OVERRIDE);
        reply.code(202).header('location', `/v1/operations/${operation.id}`);
        return presentOperation(operation);
      },
    );
  }
};
