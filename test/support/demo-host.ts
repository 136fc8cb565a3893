/**
 * The fleet's hosts (fleet.ts) with the demo image in /tmp/demo, for the programs of test/lab/inside. An agent runs
 * there too, and has nothing to do meanwhile.
 */
import type { LabHost } from '../../src/lab/host.ts';
import type { KernelLabel } from '../../src/lab/kernels.ts';
import { putDemoImage } from './demo-image.ts';
import { fleet } from './fleet.ts';

const hosts = new Map<KernelLabel, Promise<LabHost>>();

export function demoHost(kernel: KernelLabel): Promise<LabHost> {
  const host = hosts.get(kernel) ?? prepare(kernel);
  hosts.set(kernel, host);
  return host;
}

async function prepare(kernel: KernelLabel): Promise<LabHost> {
  const { lab } = (await fleet()).emulated(kernel);
  await putDemoImage(lab);
  return lab;
}
