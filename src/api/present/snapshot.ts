import type { SnapshotRecord } from '../../control/vms/snapshots.ts';
import type { Snapshot } from '../schemas/snapshot.ts';

export function presentSnapshot(snapshot: SnapshotRecord): Snapshot {
  const { registers, psciCompatible, mpidrs, ...firmware } = snapshot.firmware;
  return {
    id: snapshot.id,
    name: snapshot.name,
    vmId: snapshot.vmId,
    vmName: snapshot.vmName,
    hostId: snapshot.hostId,
    bootId: snapshot.bootId,
    psci: firmware.psci,
    firmware: { ...firmware, registers, psciCompatible: [...psciCompatible], mpidrs: [...mpidrs] },
    vcpus: snapshot.vcpus,
    memoryMiB: snapshot.memoryMiB,
    imageId: snapshot.imageId,
    cmdline: snapshot.cmdline,
    disks: snapshot.disks.map(({ name, sizeMiB, readOnly }) => ({ name, sizeMiB, readOnly })),
    nics: snapshot.nics.map(({ name, mac, network }) => ({ name, mac, network })),
    vsock: snapshot.vsock,
    digest: snapshot.blobDigest,
    sizeBytes: snapshot.sizeBytes,
    pauseMilliseconds: snapshot.pauseMilliseconds,
    savedAt: snapshot.savedAt.toISOString(),
    createdAt: snapshot.createdAt.toISOString(),
    requestedBy: snapshot.requestedBy,
  };
}
