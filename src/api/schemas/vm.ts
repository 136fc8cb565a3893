import { type Static, type TSchema, Type } from 'typebox';
import { DRAIN_ACTIONS } from '../../control/hosts/drain-look.ts';
import { DEFAULT_NETWORK } from '../../control/vms/nics.ts';
import { VM_PHASES } from '../../control/vms/vm-phase.ts';
import { Labels, OnGuest } from '../../wire/agent.ts';
import { FirmwareAbi, PsciVersionSchema } from '../../wire/event.ts';
import { closed, LabelsPatch, Name, Nullable, named, ref, Timestamp, Uuid } from './common.ts';

/** Sizes beyond any host are refused by placement; these keep the numbers sane. */
const Vcpus = Type.Integer({ minimum: 1, maximum: 8 });
const MemoryMiB = Type.Integer({ minimum: 16, maximum: 16_777_216, description: 'Guest memory, in MiB.' });
const Cmdline = Type.String({
  maxLength: 1_024,
  // A line break would end the command line in the guest's log and nowhere else.
  pattern: '^[\\x20-\\x7e]*$',
  description: "Appended to the image's command line.",
});

const VSOCK =
  'Sockets between the guest and its host, without a network; needs the module vhost_vsock on the host.';

const Disk = Type.Object(
  {
    name: Name,
    sizeMiB: Type.Integer({ minimum: 1, maximum: 16_777_216 }),
    readOnly: Type.Boolean(),
  },
  closed,
);
const Mac = Type.String({
  pattern: '^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$',
  description: 'Six hexadecimal bytes with colons between them; read back in lower case.',
});
const Nic = Type.Object(
  {
    name: Name,
    mac: Mac,
    network: Type.String({ description: "The network's name." }),
    address: Type.String({
      description: "The NIC's IPv4 address, its own while the VM exists; the guest is told it by DHCP.",
    }),
  },
  closed,
);

const PsciPolicyName = Type.Enum(['inherit', 'sticky', 'latest', 'pinned'], {
  description:
    '`pinned`: the given version. `sticky`: what the first host has, then kept. `latest`: the newest of the host, at ' +
    'every cold boot; upgrades silently. `inherit`: the fleet decides, by its policies and else its default.',
});
const AllowInsecure = Type.Boolean({
  description: '0.1 and 0.2 hide the SMCCC 1.1 mitigations from guests; they need this.',
});

const OnDrain = Type.Enum(DRAIN_ACTIONS, {
  description:
    'What a drain of its host does with it: its guest is asked to power off or to hibernate, and comes back when the host ' +
    'takes runs again; or it is restarted on another host, which only a VM without disks can be; or `migrate` moves it to ' +
    'another host with its memory and disks.',
});

const SystemSuspend = Type.Boolean({
  description:
    'The guest may suspend itself (PSCI SYSTEM_SUSPEND, from 1.0 on): the VM is paused then, and `resume` wakes it.',
});
const AllowMissingRegisters = Type.Boolean({
  description:
    'Lets the VM start on a host whose kernel lacks a firmware register that the guest was recorded with, where the ' +
    'register was as a kernel starts it. Otherwise such a start is refused with FIRMWARE_REGISTER_MISSING.',
});
export const Firmware = named(
  'Firmware',
  Type.Object(FirmwareAbi.properties, {
    ...closed,
    description:
      'The interface recorded with the VM, which every later boot gets: the firmware registers of its first boot (null ' +
      "where that host's kernel had none) and what follows from its pin and its vCPUs. Null before the first boot.",
  }),
);

export const Vm = named(
  'Vm',
  Type.Object(
    {
      id: Uuid,
      name: Type.String(),
      labels: Labels,
      vcpus: Type.Integer(),
      memoryMiB: Type.Integer(),
      imageId: Uuid,
      cmdline: Type.String(),
      disks: Type.Array(Disk),
      nics: Type.Array(Nic),
      vsock: Type.Boolean({ description: VSOCK }),
      vsockCid: Nullable(Type.Integer({ description: "The guest's address (CID), its own in the fleet." })),
      psci: Type.Object(
        {
          policy: PsciPolicyName,
          version: Type.Optional(PsciVersionSchema),
          allowInsecure: AllowInsecure,
          allowMissingRegisters: AllowMissingRegisters,
          systemSuspend: SystemSuspend,
          effective: Nullable(
            Type.Enum(PsciVersionSchema.enum, {
              description:
                'The pin of the current or last boot; before the first, of the next one, where no host decides it.',
            }),
          ),
          source: Nullable(
            Type.String({ description: '`vm`, `policy:<id>`, `default`, `sticky` or `latest`.' }),
          ),
          policyRevision: Nullable(
            Type.Integer({
              description: "The fleet policy's revision that gave it; null for another source.",
            }),
          ),
          why: Nullable(Type.String({ description: 'Why it is this version.' })),
          pinnedAt: Nullable(Timestamp),
          hibernateDetection: Type.Boolean({
            description: 'Whether a guest with this pin can say that it hibernates (SYSTEM_OFF2).',
          }),
          fingerprint: Nullable(
            Type.String({
              description:
                'Digest of what guests at `effective` were answered where its guest last started; null where nobody ' +
                'measured that. While the guest is hibernated, or may be, it goes on only where it is answered so.',
            }),
          ),
        },
        closed,
      ),
      firmware: Nullable(ref(Firmware)),
      snapshotId: Nullable(Type.String({ format: 'uuid', description: 'What it was made from.' })),
      restoring: Type.Boolean({ description: 'Whether its next start goes on from the snapshot.' }),
      onGuest: OnGuest,
      hostSelector: Labels,
      onDrain: OnDrain,
      powerState: Type.Enum(['running', 'stopped'], { description: 'What was asked for.' }),
      phase: Type.Enum(VM_PHASES, { description: 'What is known. `unknown`: its host is silent.' }),
      reason: Nullable(
        Type.String({
          description:
            'Why it is failed, pending, unknown, or paused where no operator paused it; of one that runs, why its guest has ended and when it boots again.',
        }),
      ),
      hibernation: Nullable(
        Type.Enum(['yes', 'no', 'unknown'], {
          description: 'Whether the guest hibernated when it last went off; null while it runs.',
        }),
      ),
      hostId: Nullable(Uuid),
      bootId: Nullable(Type.String({ format: 'uuid', description: 'Of the current or last boot.' })),
      generation: Type.Integer({ description: 'Counts the changes of what is wanted.' }),
      observedGeneration: Type.Integer({ description: 'The last generation its host has acted on.' }),
      deleting: Type.Boolean(),
      createdAt: Timestamp,
      updatedAt: Timestamp,
    },
    closed,
  ),
);

/** The default is filled in by the validator and told in the OpenAPI document. */
function withDefault<T extends TSchema>(schema: T, value: unknown) {
  return Type.Optional({ ...schema, default: value } as T);
}

const PsciRequest = Type.Object(
  {
    policy: Type.Optional(PsciPolicyName),
    version: Type.Optional(Nullable(PsciVersionSchema)),
    allowInsecure: Type.Optional(AllowInsecure),
    allowMissingRegisters: Type.Optional(AllowMissingRegisters),
    systemSuspend: Type.Optional(SystemSuspend),
  },
  { ...closed, description: 'A version alone means the policy `pinned`.' },
);

/** Partial() would leave the object open. */
const OnGuestRequest = Type.Partial(OnGuest, closed);

export const NewVm = named(
  'NewVm',
  Type.Object(
    {
      name: Name,
      labels: withDefault(Labels, {}),
      vcpus: Type.Optional(Vcpus),
      memoryMiB: Type.Optional(MemoryMiB),
      imageId: Type.Optional(Uuid),
      snapshotId: Type.Optional(
        Type.String({
          format: 'uuid',
          description:
            'Its first start goes on from this snapshot. Hardware, image and firmware come from there: `vcpus`, ' +
            '`memoryMiB`, `imageId`, `disks` and `nics` may be left out, and are needed without it as far as they have ' +
            'no default. A NIC may be put into another network.',
        }),
      ),
      skipAbsentRegisters: Type.Optional(
        Type.Boolean({
          description:
            'With `snapshotId`: go on without CPU registers that a host lacks, where they were at their default. ' +
            'Audited.',
        }),
      ),
      cmdline: Type.Optional(Cmdline),
      disks: Type.Optional(
        Type.Array(
          Type.Object(
            {
              name: Disk.properties.name,
              sizeMiB: Disk.properties.sizeMiB,
              readOnly: withDefault(Type.Boolean(), false),
            },
            closed,
          ),
          { maxItems: 8 },
        ),
      ),
      nics: Type.Optional(
        Type.Array(
          Type.Object(
            {
              name: Name,
              mac: Type.Optional(Nullable(Mac)),
              network: withDefault(
                Type.String({ ...Name, description: "A network's name." }),
                DEFAULT_NETWORK,
              ),
            },
            { ...closed, description: 'Without a `mac` it gets one.' },
          ),
          { maxItems: 8 },
        ),
      ),
      vsock: Type.Optional(Type.Boolean({ description: VSOCK })),
      psci: withDefault(PsciRequest, {}),
      onGuest: withDefault(OnGuestRequest, {}),
      hostSelector: withDefault(Labels, {}),
      onDrain: withDefault(OnDrain, 'stop'),
      powerState: withDefault(
        Type.Enum(['running', 'stopped'], { description: '`running` also starts it.' }),
        'stopped',
      ),
    },
    closed,
  ),
);

const Immutable = Type.Unknown({ description: 'Cannot change; the present value may be sent again.' });

export const VmPatch = named(
  'VmPatch',
  Type.Object(
    {
      labels: Type.Optional(LabelsPatch),
      hostSelector: Type.Optional(LabelsPatch),
      onDrain: Type.Optional(OnDrain),
      vcpus: Type.Optional(Vcpus),
      memoryMiB: Type.Optional(MemoryMiB),
      cmdline: Type.Optional(Nullable(Cmdline)),
      onGuest: Type.Optional(OnGuestRequest),
      psci: Type.Optional(PsciRequest),
      powerState: Type.Optional(
        Type.Enum(['running', 'stopped'], { description: 'Starts or stops the VM, as the actions do.' }),
      ),
      name: Type.Optional(Immutable),
      imageId: Type.Optional(Immutable),
      disks: Type.Optional(Immutable),
      nics: Type.Optional(Immutable),
      vsock: Type.Optional(Immutable),
    },
    closed,
  ),
);

/** The pin explained. */
export const VmPsci = named(
  'VmPsci',
  Type.Object(
    {
      policy: PsciPolicyName,
      effective: Vm.properties.psci.properties.effective,
      source: Vm.properties.psci.properties.source,
      policyRevision: Vm.properties.psci.properties.policyRevision,
      why: Vm.properties.psci.properties.why,
      pinnedAt: Nullable(Timestamp),
      hibernateDetection: Type.Boolean(),
      next: Nullable(
        Type.Object(
          {
            version: PsciVersionSchema,
            source: Type.String(),
            policyRevision: Nullable(Type.Integer()),
            why: Type.String(),
            hosts: Type.Object(
              {
                accepting: Type.Integer({
                  description: 'Hosts that accept it, silent and cordoned ones included.',
                }),
                total: Type.Integer(),
              },
              closed,
            ),
          },
          {
            ...closed,
            description:
              'The pin of the next boot, on its present host where it has one; null when none can be told yet, or ' +
              'when the one that won may not be used.',
          },
        ),
      ),
      candidates: Type.Array(
        Type.Object(
          {
            source: Type.String({
              description: '`kept`, `vm`, `sticky`, `latest`, `policy:<id>` or `default`.',
            }),
            policyRevision: Nullable(Type.Integer({ description: 'With `policy:<id>`.' })),
            version: Nullable(PsciVersionSchema),
            won: Type.Boolean(),
            why: Type.String(),
          },
          closed,
        ),
        { description: 'For the next boot, in order of precedence: the first that names a version wins.' },
      ),
      locked: Nullable(
        Type.Object(
          { code: Type.String(), detail: Type.String(), overridable: Type.Boolean() },
          { ...closed, description: 'Why the pin cannot change now; `overridable` by `?force=true`.' },
        ),
      ),
    },
    closed,
  ),
);

export const VmParams = Type.Object({ vmId: Uuid }, closed);

export type Vm = Static<typeof Vm>;
export type NewVmBody = Static<typeof NewVm>;
export type VmPsci = Static<typeof VmPsci>;
