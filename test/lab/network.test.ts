/** Network interfaces and vsock on real KVM: through the kernel's vhost and without it, and with drivers of nonsense. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LabHost } from '../../src/lab/host.ts';
import { buildVsockImage } from '../../src/lab/vsock-image.ts';
import { demoHost, runScenario } from '../support/demo-host.ts';

describe('guests of one host', () => {
  let host: LabHost;
  beforeAll(async () => {
    const vsock = await buildVsockImage();
    host = await demoHost('7.3');
    await host.putFile('/tmp/vsock/initramfs', await readFile(vsock.initramfsPath));
    for (const [name, content] of vsock.hostFiles) await host.putFile(`/tmp/vsock/${name}`, content, 0o755);
  });

  const scenario = <T>(script: string, ...argv: string[]): Promise<T> =>
    runScenario<T>(host, script, ...argv);

  it.each([
    { how: 'auto', through: 'vhost-net', mebibytes: '100' },
    { how: 'off', through: 'the I/O thread', mebibytes: '8' },
  ])(
    'reach one another through $through, over pauses and resets of their devices',
    async ({ how, through, mebibytes }) => {
      const found = await scenario<{ seconds: number }>('network', 'pair', how, mebibytes);
      console.log(`${mebibytes} MiB from guest to guest through ${through}:`, found.seconds.toFixed(1), 's');
      expect(found).toMatchObject({ ping: '2', equal: true, equalAfterPauses: true, pingAfterReset: '2' });
    },
  );

  it('find their network again after their machine was made anew, and have no thread for it', async () => {
    // The kernel's vhost thread is one of the process; the machine's own are the vCPU's and none besides.
    const found = await scenario<{ answered: unknown[]; threads: number[] }>('network', 'remake');
    expect(found.answered).toEqual(['2', '2']);
  });

  it('exchange bytes with their host through vsock, whoever connects', async () => {
    expect(await scenario('network', 'vsock', '42')).toEqual({
      ...{ fromGuest: true, toGuest: true, fromListener: true, toListener: true },
      taken: 'VSOCK_CID_IN_USE',
      absent: 'VSOCK_NOT_SUPPORTED',
    });
  });

  it.each([
    { how: 'kernel', faults: [true, true] },
    { how: 'thread', faults: [true] },
  ])(
    'break their own device when they write nonsense to the $how, and it works after a reset',
    async ({ how, faults }) => {
      // The faults are those that were told of with NEEDS_RESET.
      expect(await scenario('nonsense', how, '1', '3')).toEqual({ rounds: 3, faults });
    },
  );
});
