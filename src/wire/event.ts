/**
 * One thing that happened to a VM, as the worker's journal holds it and the agent forwards it.
 *
 * (vmId, bootId, sequence) names it for ever: the API inserts it once under that key however often it is sent.
 */
import { type Static, Type } from 'typebox';
import { EVENT_KINDS } from './event-kinds.ts';
import { NAME_PATTERN } from './text.ts';

export { EVENT_KINDS };

export const EventKind = Type.Enum(EVENT_KINDS);

export const PsciVersionSchema = Type.Enum(['0.1', '0.2', '1.0', '1.1', '1.2', '1.3']);

/** The PSCI call behind an event. `type` and `cookie` are the call's x1 and x2 where it has them. */
export const PsciCall = Type.Object(
  {
    version: PsciVersionSchema,
    function: Type.Union([Type.String(), Type.Null()]),
    type: Type.Union([Type.Integer(), Type.Null()]),
    cookie: Type.Union([Type.Integer(), Type.Null()]),
  },
  { additionalProperties: false },
);

/** KVM_EXIT_SYSTEM_EVENT: `data` as hexadecimal words, `0x1`. */
export const KvmSystemEvent = Type.Object(
  {
    type: Type.Integer(),
    data: Type.Array(Type.String({ pattern: '^0x[0-9a-f]{1,16}$' }), { maxItems: 16 }),
  },
  { additionalProperties: false },
);

const RegisterValue = Type.Union([Type.String({ pattern: '^0x(?:0|[1-9a-f][0-9a-f]{0,15})$' }), Type.Null()]);

/** KVM's firmware registers by the kernel's names; null where the host's kernel has none (psci/firmware.ts). */
export const FirmwareRegisters = Type.Object(
  {
    SMCCC_ARCH_WORKAROUND_1: RegisterValue,
    SMCCC_ARCH_WORKAROUND_2: RegisterValue,
    SMCCC_ARCH_WORKAROUND_3: RegisterValue,
    STD_BMAP: RegisterValue,
    STD_HYP_BMAP: RegisterValue,
    VENDOR_HYP_BMAP: RegisterValue,
    VENDOR_HYP_BMAP_2: RegisterValue,
  },
  { additionalProperties: false },
);

/** By the names of the architecture, `S3_0_C0_C4_3` without one. */
const IdRegisters = Type.Record(
  Type.String({ pattern: '^[A-Z0-9_]{1,32}$' }),
  Type.String({ pattern: '^0x(?:0|[1-9a-f][0-9a-f]{0,15})$' }),
  {
    maxProperties: 80,
    description:
      'What the guest reads of its CPUs: their feature ID registers; what is left out is 0. A guest that goes on after ' +
      'a hibernation or out of a snapshot gets the same again.',
  },
);

/** What a guest sees of its firmware. */
export const FirmwareAbi = Type.Object(
  {
    psci: PsciVersionSchema,
    psci02: Type.Boolean({ description: 'The vCPU feature KVM_ARM_VCPU_PSCI_0_2; off for PSCI 0.1 alone.' }),
    systemSuspend: Type.Boolean({ description: 'The guest has SYSTEM_SUSPEND.' }),
    registers: FirmwareRegisters,
    psciCompatible: Type.Array(Type.String({ maxLength: 64, pattern: '^[!-~]+$' }), {
      maxItems: 8,
      description: "`compatible` of the device tree's /psci.",
    }),
    mpidrs: Type.Array(Type.Integer({ minimum: 0 }), {
      maxItems: 512,
      description: 'The affinity by which the guest names each vCPU.',
    }),
    idRegisters: Type.Optional(IdRegisters),
  },
  { additionalProperties: false },
);

/** What a save came to: a file that its host holds until the API has it. */
export const SavedSnapshot = Type.Object(
  {
    /** Of the file. */
    digest: Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }),
    sizeBytes: Type.Integer({ minimum: 1 }),
    /** How long the guest stood still. */
    pauseMilliseconds: Type.Number({ minimum: 0 }),
    /** The hardware that a VM which continues the guest must have. */
    vcpus: Type.Integer({ minimum: 1 }),
    memoryMiB: Type.Integer({ minimum: 1 }),
    disks: Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: NAME_PATTERN }),
          sizeMiB: Type.Integer({ minimum: 1 }),
          readOnly: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
    ),
    firmware: FirmwareAbi,
    /** The boot of the host's kernel in which it was saved. */
    hostBootId: Type.Optional(Type.String({ format: 'uuid' })),
  },
  { additionalProperties: false },
);

export const EventRecord = Type.Object(
  {
    vmId: Type.String({ format: 'uuid' }),
    runId: Type.String({ format: 'uuid' }),
    bootId: Type.String({ format: 'uuid' }),
    /** Counts from 1 within a run. */
    sequence: Type.Integer({ minimum: 1 }),
    kind: EventKind,
    /**
     * The intents the worker had acted on in this boot when the event happened, newest first: the operator's
     * requests that may have caused it. Empty: nobody but the guest or the host did.
     */
    intentIds: Type.Array(Type.String({ format: 'uuid' }), { maxItems: 64 }),
    psci: Type.Union([PsciCall, Type.Null()]),
    kvm: Type.Union([KvmSystemEvent, Type.Null()]),
    /** What a person should know about it, for `crash`, `killed` and `lost`. */
    reason: Type.Union([Type.String({ maxLength: 2000 }), Type.Null()]),
    observedAt: Type.String({ format: 'date-time' }),
    /** True on the last record of a run: its worker has ended or is about to, and the guest will not run again in it. */
    final: Type.Boolean(),
    /** On `started`: the guest's firmware interface as it was read back before the guest ran. */
    firmware: Type.Optional(FirmwareAbi),
    /** On `started` and `restored`: the boot of the host's kernel in which the guest began. */
    hostBootId: Type.Optional(Type.String({ format: 'uuid' })),
    /** On `saved`. */
    snapshot: Type.Optional(SavedSnapshot),
  },
  { additionalProperties: false },
);

export type EventKind = Static<typeof EventKind>;
export type PsciCall = Static<typeof PsciCall>;
export type KvmSystemEvent = Static<typeof KvmSystemEvent>;
export type SavedSnapshot = Static<typeof SavedSnapshot>;
export type EventRecord = Static<typeof EventRecord>;
