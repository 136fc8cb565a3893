/**
 * The demo image in a lab host's /tmp/demo, for programs there that no agent fetches it for. Its kernel comes on a disk:
 * sent, its 40 MB take longer than most of what is done with it.
 */
import { readFile, stat } from 'node:fs/promises';
import { expect } from 'vitest';
import { buildDemoImage } from '../../src/lab/demo-image.ts';
import type { LabHost, LabHostOptions } from '../../src/lab/host.ts';

const SERIAL = 'demo-kernel';

/** What a host must be started with. */
export async function demoDisks(): Promise<NonNullable<LabHostOptions['readOnlyDisks']>> {
  return { [SERIAL]: (await buildDemoImage()).kernelPath };
}

export async function putDemoImage(host: LabHost): Promise<void> {
  const { kernelPath, initramfsPath } = await buildDemoImage();
  const { size } = await stat(kernelPath);
  await host.putFile('/tmp/demo/initramfs', await readFile(initramfsPath));
  // The disk ends with a whole sector.
  const take = `for block in /sys/block/vd*; do
      if [ "$(cat $block/serial)" = ${SERIAL} ]; then head -c ${size} /dev/\${block##*/} >/tmp/demo/kernel; fi
    done
    stat -c %s /tmp/demo/kernel`;
  const { code, stdout, stderr } = await host.exec(['sh', '-ec', take]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${size}\n`, stderr: '' });
}
