import { type Static, Type } from 'typebox';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, Nullable, named } from './common.ts';

const Source = Type.String({
  description: 'Kernel file or section of the specification (DEN0022), or the two hosts that were measured.',
});

const KnownGuest = Type.Object(
  {
    guest: Type.String(),
    breaksAt: Type.Array(PsciVersionSchema),
    symptom: Type.String(),
    source: Type.String(),
  },
  closed,
);

export const PsciVersionInfo = named(
  'PsciVersionInfo',
  Type.Object(
    {
      version: PsciVersionSchema,
      registerValue: Type.String({ description: 'Of KVM_REG_ARM_PSCI_VERSION, hexadecimal.' }),
      insecure: Type.Boolean({ description: 'Hides SMCCC 1.1 mitigations; a pin needs `allowInsecure`.' }),
      hibernateDetection: Type.Boolean({
        description: 'The guest can say that it hibernates (SYSTEM_OFF2).',
      }),
      fleetDefault: Type.Boolean({ description: 'What a VM gets when nothing else is asked for.' }),
      hosts: Type.Integer({ minimum: 0, description: 'Enrolled hosts whose KVM accepts it.' }),
      compatible: Type.Array(Type.String(), {
        description: 'Of the device tree node `/psci`, newest first.',
      }),
      functions: Type.Array(
        Type.Object(
          {
            name: Type.String(),
            id32: Type.String({ description: 'What a guest puts into w0, hexadecimal.' }),
            id64: Nullable(Type.String({ description: 'Of the 64-bit call, where there is one.' })),
            since: Type.Enum(PsciVersionSchema.enum, { description: 'From here on KVM answers it.' }),
          },
          closed,
        ),
        { description: 'That KVM answers at this version.' },
      ),
      returnCodes: Type.Array(Type.Object({ name: Type.String(), value: Type.Integer() }, closed), {
        description: 'That a guest can be answered by KVM at this version.',
      }),
      changes: Type.Array(Type.Object({ description: Type.String(), source: Source }, closed), {
        description: 'From the version before it.',
      }),
      consequences: Type.Array(Type.Object({ description: Type.String(), source: Source }, closed), {
        description: 'What guests do differently from this version on.',
      }),
      breaks: Type.Array(KnownGuest, { description: 'Guests known to break at it.' }),
    },
    closed,
  ),
);

export const PsciDiff = named(
  'PsciDiff',
  Type.Object(
    {
      from: PsciVersionSchema,
      to: PsciVersionSchema,
      appear: Type.Array(Type.String(), { description: 'Functions that were refused in every way.' }),
      vanish: Type.Array(Type.String(), { description: 'Functions that are now refused in every way.' }),
      changes: Type.Array(
        Type.Object(
          {
            function: Type.String(),
            when: Type.String({ description: 'How it is called; empty when there is one way only.' }),
            before: Type.String(),
            after: Type.String(),
            description: Type.String(),
            source: Source,
          },
          closed,
        ),
        { description: 'Every answer that differs.' },
      ),
      compatible: Type.Object(
        { before: Type.Array(Type.String()), after: Type.Array(Type.String()) },
        { ...closed, description: 'Of the device tree node `/psci`.' },
      ),
      consequences: Type.Array(
        Type.Object({ since: PsciVersionSchema, description: Type.String(), source: Source }, closed),
        { description: 'What guests do differently.' },
      ),
      breaks: Type.Array(KnownGuest, { description: 'Guests known to break at `to` and not at `from`.' }),
    },
    closed,
  ),
);

export type PsciVersionInfo = Static<typeof PsciVersionInfo>;
export type PsciDiff = Static<typeof PsciDiff>;
