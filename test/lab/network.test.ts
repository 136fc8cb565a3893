/** Network interfaces and vsock on real KVM: through the kernel's vhost and without it, and with drivers of nonsense. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabHost } from '../../src/lab/host.ts';
import { buildVsockImage } from '../../src/lab/vsock-image.ts';
import { demoDisks, putDemoImage } from '../support/demo-image.ts';
import { runInside } from '../support/inside.ts';

describe('guests of one host', () => {
  let host: LabHost;
  beforeAll(async () => {
    const vsock = await buildVsockImage();
    host = await LabHost.start({ kernel: '7.3', name: 'network-test', readOnlyDisks: await demoDisks() });
    await putDemoImage(host);
    await host.putFile('/tmp/vsock/initramfs', await readFile(vsock.initramfsPath));
    for (const [name, content] of vsock.hostFiles) await host.putFile(`/tmp/vsock/${name}`, content, 0o755);
  });
  afterAll(async () => {
    await host.crash();
  });

  it.each([
    { how: 'auto', through: 'vhost-net', mebibytes: '100' },
    { how: 'off', through: 'the I/O thread', mebibytes: '8' },
  ])(
    'reach one another through $through, over pauses and resets of their devices',
    async ({ how, through, mebibytes }) => {
      const found = await runInside<{ seconds: number }>(host, 'network', 'pair', how, mebibytes);
      console.log(`${mebibytes} MiB from guest to guest through ${through}:`, found.seconds.toFixed(1), 's');
      expect(found).toMatchObject({ ping: '2', equal: true, equalAfterPauses: true, pingAfterReset: '2' });
    },
  );

  it('find their network again after their machine was made anew, and have no thread for it', async () => {
    // The kernel's vhost thread is one of the process; the machine's own are the vCPU's and none besides.
    const found = await runInside<{ answered: unknown[]; threads: number[] }>(host, 'network', 'remake');
    expect(found.answered).toEqual(['2', '2']);
  });

  it('exchange bytes with their host through vsock, whoever connects', async () => {
    expect(await runInside(host, 'network', 'vsock', '42')).toEqual({
      ...{ fromGuest: true, toGuest: true, fromListener: true, toListener: true, afterRestore: true },
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
      expect(await runInside(host, 'nonsense', how, '1', '3')).toEqual({ rounds: 3, faults });
    },
  );
});
