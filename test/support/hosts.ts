/** Hosts as their enrolment leaves them. */
import { randomBytes } from 'node:crypto';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import type { Control } from '../../src/control/control.ts';
import { hashSecret } from '../../src/control/identity/tokens.ts';
import type { Host } from '../../src/control/prisma/client.ts';
import type { FirmwareRegisters } from '../../src/psci/firmware.ts';

export async function addHost(
  control: Control,
  fields: Partial<Omit<Host, 'labels' | 'psciRegisters' | 'counters'>> & {
    labels?: Record<string, string>;
    psciRegisters?: FirmwareRegisters;
  } = {},
): Promise<{ host: Host; credential: string }> {
  const credential = randomBytes(32).toString('base64url');
  const id = uuidv7();
  const host = await control.db.host.create({
    data: {
      id,
      name: `host-${id.slice(-8)}`,
      credentialHash: hashSecret(credential),
      agentVersion: '0.1.0',
      kernel: '6.12.9-arm64',
      bootId: uuidv4(),
      psciAccepted: ['0.2', '1.0', '1.1'],
      psciDefault: '1.1',
      capacityVcpus: 8,
      capacityMemory: 4096,
      leaseExpiresAt: new Date(Date.now() + 60_000),
      lastSeenAt: new Date(),
      ...fields,
    },
  });
  return { host, credential };
}
