/**
 * Lab hosts with the demo image in /tmp/demo, for the scenarios of test/lab/inside. Each kernel's is booted by the first
 * test that asks and dies with the test process.
 */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { buildDemoImage } from '../../src/lab/demo-image.ts';
import { LabHost } from '../../src/lab/host.ts';
import type { KernelLabel } from '../../src/lab/kernels.ts';

const hosts = new Map<KernelLabel, Promise<LabHost>>();

export function demoHost(kernel: KernelLabel): Promise<LabHost> {
  const host = hosts.get(kernel) ?? start(kernel);
  hosts.set(kernel, host);
  return host;
}

/** Ends a host that no other test will ask for. */
export async function endDemoHost(kernel: KernelLabel): Promise<void> {
  const host = hosts.get(kernel);
  hosts.delete(kernel);
  await (await host)?.crash();
}

async function start(kernel: KernelLabel): Promise<LabHost> {
  const image = await buildDemoImage();
  const host = await LabHost.start({ kernel, name: 'machine-test' });
  await host.putFile('/tmp/demo/kernel', await readFile(image.kernelPath));
  await host.putFile('/tmp/demo/initramfs', await readFile(image.initramfsPath));
  return host;
}

/** Runs a scenario of a script in test/lab/inside; gives what it reports. */
export async function runScenario<T>(host: LabHost, script: string, ...argv: string[]): Promise<T> {
  const program = ['node', `test/lab/inside/${script}.ts`, ...argv];
  const { code, signal, stdout, stderr } = await host.exec(program, { timeoutMs: 600_000 });
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout) as T;
}
