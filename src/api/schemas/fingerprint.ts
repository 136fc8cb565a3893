import { type Static, Type } from 'typebox';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, Nullable, named, ref, Timestamp, Uuid } from './common.ts';

export const DigestParam = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });

const Digests = Type.Record(Type.String(), DigestParam, {
  description: 'By version: of what every guest at it is answered. Hosts with one digest answer alike.',
});

const Suite = Type.Integer({
  minimum: 1,
  description: 'Which calls were made. Digests of different suites cannot be compared.',
});

export const FingerprintDifference = named(
  'FingerprintDifference',
  Type.Object(
    {
      version: PsciVersionSchema,
      group: Type.Enum(['answers', 'systemSuspend', 'services'], {
        description:
          '`answers`: to every guest at the version. `systemSuspend`: to a guest with SYSTEM_SUSPEND. `services`: of ' +
          'what the CPU and the firmware registers decide, which are recorded with each VM.',
      }),
      call: Type.String({ description: 'The function, 32 or 64 bits, and how it was called.' }),
      before: Type.String(),
      after: Type.String(),
      description: Type.String({ description: 'The difference as a sentence.' }),
      worse: Type.Boolean({ description: 'What was answered is refused, or does not come back.' }),
    },
    closed,
  ),
);

const Answers = Type.Record(Type.String(), Type.String());

const VersionAnswers = Type.Object(
  {
    version: PsciVersionSchema,
    digest: DigestParam,
    answers: Answers,
    systemSuspend: Nullable(Answers),
    services: Answers,
  },
  {
    ...closed,
    description:
      'By call: `0x…` is what it returned in x0 (and x1 to x3), `exit EVENT 0x…` the KVM_SYSTEM_EVENT that it ended in, ' +
      '`stopped` that it stopped its CPU, `silent` that it did not come back.',
  },
);

const differences = {
  differences: Type.Integer({ minimum: 0, description: 'From what Linux is known to answer.' }),
  worse: Type.Boolean({
    description: 'Among them is a call that is refused, or does not come back, and should be answered.',
  }),
};

/** As part of a host. */
export const HostFingerprintSummary = Type.Object(
  {
    digest: DigestParam,
    takenAt: Timestamp,
    versions: Digests,
    ...differences,
    changed: Type.Boolean({
      description: 'It is another than that of the kernel that the host had before, by the same calls.',
    }),
  },
  closed,
);

const Boot = { bootId: Uuid, kernel: Type.String({ description: '`uname -r`.' }), takenAt: Timestamp };

export const HostFingerprint = named(
  'HostFingerprint',
  Type.Object(
    {
      hostId: Uuid,
      ...Boot,
      digest: DigestParam,
      suite: Suite,
      versions: Type.Array(VersionAnswers, { description: 'Oldest first.' }),
      differences: Type.Array(ref(FingerprintDifference), {
        description: 'From what Linux is known to answer.',
      }),
      previous: Nullable(Type.Object({ ...Boot, digest: DigestParam, suite: Suite }, closed)),
      changes: Type.Array(ref(FingerprintDifference), {
        description: 'Since `previous`, the boot before that was measured, at the versions that both accept.',
      }),
    },
    closed,
  ),
);

const shared = {
  digest: DigestParam,
  suite: Suite,
  kernels: Type.Array(Type.String(), { description: 'Every kernel that it was measured on.' }),
  hosts: Type.Integer({ minimum: 0, description: 'Hosts that answer so now.' }),
  createdAt: Timestamp,
};

export const FingerprintSummary = named(
  'FingerprintSummary',
  Type.Object({ ...shared, versions: Digests, ...differences }, closed),
);

export const Fingerprint = named(
  'Fingerprint',
  Type.Object(
    {
      ...shared,
      versions: Type.Array(VersionAnswers, { description: 'Oldest first.' }),
      differences: Type.Array(ref(FingerprintDifference), {
        description: 'From what Linux is known to answer.',
      }),
    },
    closed,
  ),
);

export type FingerprintDifference = Static<typeof FingerprintDifference>;
export type HostFingerprintSummary = Static<typeof HostFingerprintSummary>;
export type HostFingerprint = Static<typeof HostFingerprint>;
export type FingerprintSummary = Static<typeof FingerprintSummary>;
export type Fingerprint = Static<typeof Fingerprint>;
