import { type Static, Type } from 'typebox';
import { FirmwareAbi, PsciVersionSchema } from '../../wire/event.ts';
import { closed, Name, Nullable, named, Timestamp, Uuid } from './common.ts';

export const NewSnapshot = Type.Object({ name: Type.Optional(Name) }, closed);

export const Snapshot = named(
  'Snapshot',
  Type.Object(
    {
      id: Uuid,
      name: Nullable(Type.String()),
      vmId: Type.String({ format: 'uuid', description: 'Whose guest it was; that VM may be deleted since.' }),
      vmName: Type.String(),
      hostId: Uuid,
      bootId: Uuid,
      psci: PsciVersionSchema,
      firmware: FirmwareAbi,
      vcpus: Type.Integer(),
      memoryMiB: Type.Integer(),
      imageId: Uuid,
      cmdline: Type.String(),
      disks: Type.Array(
        Type.Object({ name: Type.String(), sizeMiB: Type.Integer(), readOnly: Type.Boolean() }, closed),
      ),
      nics: Type.Array(
        Type.Object({ name: Type.String(), mac: Type.String(), network: Type.String() }, closed),
      ),
      vsock: Type.Boolean(),
      digest: Type.String({ description: 'Of its file.' }),
      sizeBytes: Type.Integer({ description: 'Of its file: compressed, without what is zero.' }),
      pauseMilliseconds: Type.Number({ description: 'How long the guest stood still.' }),
      savedAt: Type.String({ format: 'date-time', description: "By its host's clock." }),
      createdAt: Timestamp,
      requestedBy: Type.String(),
    },
    { ...closed, description: 'A guest as it was at one instant, with its disks.' },
  ),
);

export const SnapshotParams = Type.Object({ vmId: Uuid, snapshotId: Uuid }, closed);

export type Snapshot = Static<typeof Snapshot>;
