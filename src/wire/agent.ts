/**
 * The agent protocol, `/agent/v1/…`: everything an agent says to the API and hears from it, over HTTP, outbound only.
 *
 *   POST /agent/v1/enrol               enrolment token in the body; answers with the host's id
 *   POST /agent/v1/credential          announces the credential that the agent will show from now on
 *   POST /agent/v1/heartbeat           renews the lease
 *   GET  /agent/v1/assignments         ?known=<revision>&wait=<seconds>: what this host should run (level-triggered)
 *   POST /agent/v1/events              journal records, at least once; inserted once
 *   POST /agent/v1/reports             failed operations and finished deletions
 *   PUT  /agent/v1/vms/:vmId/console/:bootId?offset=N      raw bytes of serial output, in order
 *   GET  /agent/v1/console-input       ?after=<position>&wait=<seconds>; without `after`: from now on
 *   PUT  /agent/v1/fingerprint         what the host's KVM answers to guests in this boot; as often as needed
 *   GET  /agent/v1/blobs/:digest       raw bytes, Range honoured
 *   PUT  /agent/v1/snapshots/:intentId raw bytes of a saved guest, after its `saved` event; as often as needed
 *   PUT  /agent/v1/transfers/:operationId?digest=…   raw bytes of the disks of a VM that is off and moves
 *
 * All but enrol carry `Authorization: Bearer <the agent's credential>` and see nothing but their own host.
 */
import { type Static, Type } from 'typebox';
import { ANSWER_PATTERN } from '../psci/fingerprint.ts';
import { PSCI_VERSIONS, type PsciVersion } from '../psci/versions.ts';
import { EventRecord, FirmwareAbi, FirmwareRegisters, PsciVersionSchema } from './event.ts';
import { LABEL_KEY_PATTERN, NAME_PATTERN, TEXT_PATTERN } from './text.ts';

const closed = { additionalProperties: false } as const;
const Uuid = Type.String({ format: 'uuid' });
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

export const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });
export const LabelKey = Type.String({ pattern: LABEL_KEY_PATTERN });
export const LabelValue = Type.String({ maxLength: 63, pattern: TEXT_PATTERN });
export const MOST_LABELS = 32;
export const Labels = Type.Record(LabelKey, LabelValue, { ...closed, maxProperties: MOST_LABELS });

/** Numbers of a host or a VM are an `int` in Postgres. */
const LARGEST_INT = 2_147_483_647;

/** What the agent found out about its host. */
export const HostFacts = Type.Object(
  {
    agentVersion: Type.String({ maxLength: 64, pattern: TEXT_PATTERN }),
    /** `uname -r`. */
    kernel: Type.String({ maxLength: 200, pattern: TEXT_PATTERN }),
    /** /proc/sys/kernel/random/boot_id. */
    bootId: Uuid,
    psci: Type.Object(
      {
        /** Versions a scratch VM took, oldest first. */
        accepted: Type.Array(PsciVersionSchema, { uniqueItems: true }),
        /** What a scratch VM reads when nobody wrote the register. */
        default: PsciVersionSchema,
        /** What the other firmware registers hold when nobody writes them. */
        registers: Type.Optional(FirmwareRegisters),
        /** Whether a guest can be given SYSTEM_SUSPEND. */
        systemSuspend: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    capacity: Type.Object(
      {
        vcpus: Type.Integer({ minimum: 1, maximum: LARGEST_INT }),
        memoryMiB: Type.Integer({ minimum: 1, maximum: LARGEST_INT }),
      },
      closed,
    ),
    simulated: Type.Boolean(),
    /** It gives and takes disks of VMs that are off (`transfer` of an assignment). */
    movesDisks: Type.Optional(Type.Boolean()),
  },
  closed,
);

/**
 * Lower-case hex SHA-256 of the credential the agent made for itself and stored before asking, so that a lost answer can
 * be asked for again.
 */
const CredentialHash = Type.String({ pattern: '^[0-9a-f]{64}$' });

export const EnrolRequest = Type.Object(
  {
    enrolmentToken: Type.String({ minLength: 16, maxLength: 200 }),
    name: Type.String({ pattern: NAME_PATTERN }),
    labels: Labels,
    credentialHash: CredentialHash,
    facts: HostFacts,
  },
  closed,
);
export const EnrolResponse = Type.Object({ hostId: Uuid }, closed);

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Seconds = Type.Number({ minimum: 0 });

/** What an agent counts for monitoring. What only grows begins anew with each agent process. */
export const HostCounters = Type.Object(
  {
    workers: Type.Object(
      {
        /** How many live now. */
        alive: Count,
        started: Count,
        /** Ended without a last record of their own. */
        died: Count,
        /** CPU time: in guests, in the program, in the kernel. */
        cpuSeconds: Type.Object({ user: Seconds, system: Seconds, guest: Seconds }, closed),
        /** Memory in RAM, guests' memory included. */
        residentBytes: Count,
        /** What they made the host's disks read and write. */
        readBytes: Count,
        writtenBytes: Count,
      },
      closed,
    ),
    /** Journal records that the API has not settled. */
    undeliveredEvents: Count,
    /** Room left in the file system of the agent's state directory. */
    stateFreeBytes: Count,
  },
  closed,
);
export const CredentialRequest = Type.Object({ credentialHash: CredentialHash }, closed);

export const HeartbeatRequest = Type.Object(
  {
    facts: HostFacts,
    counters: Type.Optional(HostCounters),
    vms: Type.Array(
      Type.Object(
        { vmId: Uuid, runId: Nullable(Uuid), observedGeneration: Type.Integer({ minimum: 0 }) },
        closed,
      ),
    ),
  },
  closed,
);
export const HeartbeatResponse = Type.Object(
  { leaseSeconds: Type.Integer({ minimum: 1 }), heartbeatSeconds: Type.Integer({ minimum: 1 }) },
  closed,
);

/** Answers by the id of the call (psci/fingerprint.ts). */
const Answers = Type.Record(
  Type.String({ pattern: '^[!-~](?:[ -~]{0,118}[!-~])?$' }),
  Type.String({ pattern: ANSWER_PATTERN }),
  { ...closed, maxProperties: 1000 },
);
const VersionAnswers = Type.Object(
  { answers: Answers, systemSuspend: Nullable(Answers), services: Answers },
  closed,
);

/** Repeated, it changes nothing; with other answers or another suite it takes the place of what the boot had. */
export const FingerprintRequest = Type.Object(
  {
    /** `uname -r` and /proc/sys/kernel/random/boot_id of the kernel that was measured. */
    kernel: Type.String({ maxLength: 200, pattern: TEXT_PATTERN }),
    bootId: Uuid,
    /** The number of the list of calls that were made. */
    suite: Type.Integer({ minimum: 1, maximum: LARGEST_INT }),
    versions: Type.Object(
      Object.fromEntries(PSCI_VERSIONS.map((version) => [version, Type.Optional(VersionAnswers)])) as Record<
        PsciVersion,
        ReturnType<typeof Type.Optional<typeof VersionAnswers>>
      >,
      { ...closed, minProperties: 1 },
    ),
  },
  closed,
);
export const FingerprintResponse = Type.Object({ digest: Digest }, closed);

export const AssignedDisk = Type.Object(
  { name: Type.String(), sizeMiB: Type.Integer({ minimum: 1 }), readOnly: Type.Boolean() },
  closed,
);
/** A NIC with what its host needs to make its network. */
export const AssignedNic = Type.Object(
  {
    name: Type.String(),
    /** Six bytes in lower case with colons. */
    mac: Type.String(),
    network: Type.Object(
      { id: Uuid, name: Type.String(), cidr: Type.String(), outside: Type.Boolean() },
      closed,
    ),
    /** Within the network's range; reserved for this NIC. */
    address: Type.String(),
  },
  closed,
);
export const OnGuest = Type.Object(
  {
    poweroff: Type.Enum(['stop', 'restart']),
    reset: Type.Enum(['restart', 'stop']),
    crash: Type.Enum(['stop', 'restart']),
  },
  closed,
);

/** What one run is made of; fixed for the run's life. */
export const RunSpec = Type.Object(
  {
    vmId: Uuid,
    runId: Uuid,
    /** The start operation behind this run. */
    operationId: Uuid,
    name: Type.String(),
    vcpus: Type.Integer({ minimum: 1, maximum: 8 }),
    memoryMiB: Type.Integer({ minimum: 1 }),
    kernel: Digest,
    initramfs: Nullable(Digest),
    /** The image's command line and the VM's, joined. */
    cmdline: Type.String(),
    disks: Type.Array(AssignedDisk),
    nics: Type.Array(AssignedNic),
    /** The guest's vsock address; a host without vhost-vsock refuses with VSOCK_NOT_SUPPORTED. */
    vsockCid: Nullable(Type.Integer({ minimum: 3 })),
    /** The concrete pin; a host that cannot set it refuses with PSCI_VERSION_NOT_SUPPORTED. */
    psci: PsciVersionSchema,
    /** The guest has SYSTEM_SUSPEND. */
    systemSuspend: Type.Boolean(),
    /** The interface recorded at an earlier boot, to be had again; null before the first. */
    firmware: Nullable(FirmwareAbi),
    /** Whether a recorded register that the host's kernel lacks may be left out where it was as a kernel starts it. */
    allowMissingRegisters: Type.Boolean(),
    /** Whether the guest is known to have hibernated, so that its recorded ID registers must be had. */
    requireIdRegisters: Type.Boolean(),
    onGuest: OnGuest,
    /** The snapshot that this run goes on from instead of booting. */
    restore: Nullable(
      Type.Object(
        {
          snapshot: Digest,
          /** Goes on without registers that the host lacks, where they were at their default. */
          skipAbsentRegisters: Type.Boolean(),
          /** Its file is of no use on this host once the guest goes on, or will not. */
          once: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** An operator's request to a running guest, to be acted on once. */
export const RunRequest = Type.Object(
  {
    operationId: Uuid,
    intentId: Uuid,
    kind: Type.Enum(['stop', 'hibernate', 'kill', 'pause', 'resume', 'reset', 'snapshot']),
    /** How long the guest has to answer a `stop` or `hibernate`; null for the others. */
    timeoutSeconds: Nullable(Type.Integer({ minimum: 1 })),
    /** Whether an unanswered `stop` ends the worker. */
    force: Type.Boolean(),
  },
  closed,
);

/** Disks of a VM that is off, on their way from one host to another. */
export const DiskTransfer = Type.Object(
  {
    operationId: Uuid,
    /** The file of them: null, it is to be made and brought; else the disks are to be made of it, and then reported. */
    digest: Nullable(Digest),
    disks: Type.Array(AssignedDisk),
  },
  closed,
);

export const Assignment = Type.Object(
  {
    vmId: Uuid,
    generation: Type.Integer({ minimum: 1 }),
    /** The run that should exist. Null: none should; a worker found running is told to end. */
    run: Nullable(RunSpec),
    /** Oldest first. */
    requests: Type.Array(RunRequest),
    /** The delete operation when the VM's disks and runs are to be removed from this host. */
    deleteOperationId: Nullable(Uuid),
    /** The traces that its operations are in, by operation: W3C Trace Context. */
    traceparents: Type.Optional(Type.Record(Type.String(), Type.String())),
    transfer: Type.Optional(DiskTransfer),
  },
  closed,
);
export const AssignmentsResponse = Type.Object(
  {
    /** Opaque; equal revisions mean equal assignments. */
    revision: Type.String(),
    vms: Type.Array(Assignment),
  },
  closed,
);

export const EventsRequest = Type.Object(
  { events: Type.Array(EventRecord, { minItems: 1, maxItems: 500 }) },
  closed,
);
/**
 * Every record of a batch is settled by the answer: inserted, known already, or refused for ever. A refused record (not
 * valid, or of a run that this host was never given) is named here and logged; the agent goes on past it, so that one
 * bad record never holds up the others.
 */
export const EventsResponse = Type.Object(
  {
    inserted: Type.Integer({ minimum: 0 }),
    duplicates: Type.Integer({ minimum: 0 }),
    refused: Type.Array(
      Type.Object(
        {
          /** The record's place in the batch, from 0. */
          index: Type.Integer({ minimum: 0 }),
          code: Type.Enum(['EVENT_INVALID', 'RUN_NOT_ON_THIS_HOST']),
          detail: Type.String(),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const OperationReport = Type.Object(
  {
    operationId: Uuid,
    status: Type.Enum(['running', 'succeeded', 'failed']),
    /** Why it failed: a stable code and a sentence for a person. */
    error: Nullable(
      Type.Object({ code: Type.String({ pattern: '^[A-Z][A-Z0-9_]*$' }), detail: Type.String() }, closed),
    ),
  },
  closed,
);
export const ReportsRequest = Type.Object(
  { reports: Type.Array(OperationReport, { minItems: 1, maxItems: 500 }) },
  closed,
);

/** Like events: every report is settled, one that is late, repeated or of another host changes nothing. */
export const ReportsResponse = Type.Object(
  { applied: Type.Integer({ minimum: 0 }), ignored: Type.Integer({ minimum: 0 }) },
  closed,
);

/**
 * The answer to a piece of console output. A piece that does not start where the stored output ends is refused with 409
 * and code CONSOLE_OFFSET, and the problem's `expectedOffset` says where to go on; so an agent
 * that has forgotten how far it was asks with any offset and is told. An empty piece at the right offset is accepted.
 */
export const ConsoleResponse = Type.Object({ nextOffset: Type.Integer({ minimum: 0 }) }, closed);
export const CONSOLE_OFFSET = 'CONSOLE_OFFSET';

export const ConsoleInputResponse = Type.Object(
  {
    /** Pass as `after` the next time. */
    position: Type.String(),
    inputs: Type.Array(
      Type.Object({ vmId: Uuid, runId: Uuid, data: Type.String({ contentEncoding: 'base64' }) }, closed),
    ),
  },
  closed,
);

export type HostFacts = Static<typeof HostFacts>;
export type EnrolRequest = Static<typeof EnrolRequest>;
export type EnrolResponse = Static<typeof EnrolResponse>;
export type HostCounters = Static<typeof HostCounters>;
export type CredentialRequest = Static<typeof CredentialRequest>;
export type HeartbeatRequest = Static<typeof HeartbeatRequest>;
export type HeartbeatResponse = Static<typeof HeartbeatResponse>;
export type FingerprintRequest = Static<typeof FingerprintRequest>;
export type FingerprintResponse = Static<typeof FingerprintResponse>;
export type AssignedNic = Static<typeof AssignedNic>;
export type OnGuest = Static<typeof OnGuest>;
export type RunSpec = Static<typeof RunSpec>;
export type RunRequest = Static<typeof RunRequest>;
export type DiskTransfer = Static<typeof DiskTransfer>;
export type Assignment = Static<typeof Assignment>;
export type AssignmentsResponse = Static<typeof AssignmentsResponse>;
export type EventsRequest = Static<typeof EventsRequest>;
export type EventsResponse = Static<typeof EventsResponse>;
export type OperationReport = Static<typeof OperationReport>;
export type ReportsRequest = Static<typeof ReportsRequest>;
export type ReportsResponse = Static<typeof ReportsResponse>;
export type ConsoleResponse = Static<typeof ConsoleResponse>;
export type ConsoleInputResponse = Static<typeof ConsoleInputResponse>;
