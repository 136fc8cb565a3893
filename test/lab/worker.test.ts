/** A worker on real KVM, without an agent: started by its run directory, spoken to through its socket. */
import { join, relative } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBundle, ROOT } from '../../src/bundle/find.ts';
import { buildDemoImage, type DemoImage } from '../../src/lab/demo-image.ts';
import { LabHost } from '../../src/lab/host.ts';
import { productPath } from '../../src/lab/root.ts';
import type { RunSpec } from '../../src/wire/agent.ts';
import type { EventRecord } from '../../src/wire/event.ts';
import { type JournalEntry, scan } from '../../src/worker/journal.ts';
import type { RunFile } from '../../src/worker/protocol.ts';
import { runSpec, until } from '../peer/runs.ts';
import { demoDisks, putDemoImage } from '../support/demo-image.ts';
import { runInside } from '../support/inside.ts';

const KERNEL = '/tmp/demo/kernel';
const INITRAMFS = '/tmp/demo/initramfs';
const LIMIT_MS = 240_000;

let host: LabHost;
let image: DemoImage;

beforeAll(async () => {
  image = await buildDemoImage();
  host = await LabHost.start({ kernel: '7.3', name: 'worker-test', readOnlyDisks: await demoDisks() });
  await putDemoImage(host);
});
afterAll(async () => {
  await host.crash();
});

/** One run of a worker inside the host. */
class LabRun {
  readonly dir: string;
  readonly pid: number;
  readonly started = performance.now();

  private constructor(dir: string, pid: number) {
    this.dir = dir;
    this.pid = pid;
  }

  static async start(
    fields: Partial<RunSpec>,
    { diskPath = null, kernelPath = KERNEL }: { diskPath?: string | null; kernelPath?: string } = {},
  ): Promise<LabRun> {
    const run = runSpec({ memoryMiB: image.memoryMiB, cmdline: image.cmdline, ...fields });
    const disks = diskPath === null ? [] : [{ name: 'root', path: diskPath, readOnly: false }];
    const file: RunFile = {
      protocol: 1,
      run,
      kernelPath,
      initramfsPath: INITRAMFS,
      disks,
      nics: [],
      restorePath: null,
    };
    // As long as an agent's, which is longer than a socket's path may be.
    const dir = `/var/lib/holdfast/agent/vms/${run.vmId}/runs/${run.runId}`;
    await host.exec(['mkdir', '-p', dir]);
    await host.putFile(`${dir}/run.json`, JSON.stringify(file));
    return new LabRun(dir, await LabRun.spawn(dir));
  }

  static async spawn(dir: string): Promise<number> {
    // As an agent starts it: by its bundle, which every lab host has.
    const program = join(productPath, relative(ROOT, findBundle('worker') ?? ''));
    return await host.service(['node', program, '--run-dir', dir], `${dir}/worker.log`);
  }

  async journal(): Promise<readonly JournalEntry[]> {
    const { code } = await host.exec(['test', '-e', `${this.dir}/journal`]);
    return code === 0 ? scan(await host.getFile(`${this.dir}/journal`)).entries : [];
  }

  async events(): Promise<EventRecord[]> {
    return (await this.journal()).flatMap((entry) => (entry.type === 'event' ? [entry] : []));
  }

  async kinds(): Promise<string[]> {
    return (await this.events()).map(({ kind, final }) => (final ? `${kind}!` : kind));
  }

  async console(bootId?: string): Promise<string> {
    const id = bootId ?? (await this.events()).findLast(({ kind }) => kind === 'started')?.bootId;
    return id === undefined ? '' : (await host.getFile(`${this.dir}/console.${id}.log`)).toString();
  }

  async shows(text: string | RegExp): Promise<void> {
    const matches = async () => {
      const console = await this.console();
      return typeof text === 'string' ? console.includes(text) : text.test(console);
    };
    await until(`the console shows ${text}`, matches, LIMIT_MS).catch(async (error: Error) => {
      const log = (await host.getFile(`${this.dir}/worker.log`)).toString();
      throw new Error(`${error.message}; console: ${await this.console()}; log: ${log}`);
    });
  }

  async ready(): Promise<number> {
    await this.shows('holdfast guest ready');
    return Math.round(performance.now() - this.started);
  }

  async call(method: 'input' | 'request', argument: string): Promise<unknown> {
    return await runInside(host, 'worker-call', this.dir, method, argument);
  }

  /** @returns the intent's id. */
  async ask(kind: 'stop' | 'hibernate' | 'kill' | 'pause' | 'resume' | 'reset'): Promise<string> {
    const intentId = uuidv7();
    const timeoutSeconds = kind === 'stop' || kind === 'hibernate' ? 240 : null;
    const request = { intentId, kind, timeoutSeconds, reason: null };
    expect(await this.call('request', JSON.stringify(request))).toBeNull();
    return intentId;
  }

  async untilKinds(...kinds: string[]): Promise<void> {
    await until(
      `the journal has ${kinds}`,
      async () => (await this.kinds()).join() === kinds.join(),
      LIMIT_MS,
    );
  }

  async alive(): Promise<boolean> {
    return (await host.exec(['kill', '-0', String(this.pid)])).code === 0;
  }

  async untilGone(): Promise<void> {
    await until('the worker has ended', async () => !(await this.alive()), LIMIT_MS);
  }
}

describe('a worker with a real guest', () => {
  it.concurrent('pins, takes input, resets into a new boot, pauses, and stops it by its power key', async () => {
    const run = await LabRun.start({ psci: '1.1', vcpus: 2 });
    console.log('guest ready after', await run.ready(), 'ms');
    expect(await run.console()).toContain('PSCIv1.1 detected');
    await run.call('input', 'reboot -f\n');
    await run.untilKinds('started', 'reset', 'started');
    await run.ready();
    const [first, reset, second] = await run.events();
    expect(reset).toMatchObject({
      psci: { version: '1.1', function: 'SYSTEM_RESET' },
      bootId: first?.bootId,
    });
    expect(second?.bootId).not.toBe(first?.bootId);
    expect(await run.alive()).toBe(true);
    await run.ask('pause');
    await run.untilKinds('started', 'reset', 'started', 'paused');
    await run.ask('resume');
    await run.call('input', 'echo still $((6*7))\n');
    await run.shows('still 42');
    const stop = await run.ask('stop');
    await run.untilGone();
    expect((await run.events()).at(-1)).toMatchObject({
      ...{ kind: 'poweroff', final: true, bootId: second?.bootId, kvm: { type: 1, data: ['0x0'] } },
      psci: { version: '1.1', function: 'SYSTEM_OFF' },
    });
    expect((await run.events()).at(-1)?.intentIds[0]).toBe(stop);
    expect(await run.console()).toContain('power key');
  });

  it.concurrent('hibernates it at 1.3, and another run resumes it', async () => {
    const disk = `/var/lib/holdfast/disk-${uuidv7()}`;
    await host.exec(['truncate', '-s', '256M', disk]);
    const run = await LabRun.start({ psci: '1.3' }, { diskPath: disk });
    await run.ready();
    const marker = /marker ([0-9a-f]{16})/.exec(await run.console())?.[1];
    const intent = await run.ask('hibernate');
    await run.untilGone();
    expect((await run.events()).at(-1)).toMatchObject({
      ...{ kind: 'hibernate', final: true, intentIds: [intent], kvm: { type: 1, data: ['0x1'] } },
      psci: { version: '1.3', function: 'SYSTEM_OFF2', type: 0, cookie: 0 },
    });
    const resumed = await LabRun.start({ psci: '1.3' }, { diskPath: disk });
    await resumed.shows(`resumed, marker ${marker}`);
    await resumed.ask('kill');
    await resumed.untilGone();
    expect(await resumed.kinds()).toEqual(['started', 'killed!']);
  });

  it('is killed: the journal reads, the guest is gone, and no worker runs it again', async () => {
    const run = await LabRun.start({ psci: '1.3' });
    await run.ready();
    await host.kill9(run.pid);
    await run.untilGone();
    expect(await run.kinds()).toEqual(['started']);
    await host.exec(['rm', `${run.dir}/worker.json`]);
    const again = await host.exec(['node', 'src/cli.ts', 'worker', '--run-dir', run.dir], {
      timeoutMs: LIMIT_MS,
    });
    expect(again.code).toBe(3);
    expect(await run.kinds()).toEqual(['started']);
    // Its thousands of pages and its threads went with the process.
    const { stdout } = await host.exec(['sh', '-c', 'ls /proc | grep -c "^[0-9]" ; pidof node | wc -w']);
    expect(Number(stdout.trim().split('\n')[1])).toBeLessThanOrEqual(1);
  });

  it('writes down why a guest cannot be started, and runs nothing', async () => {
    const run = await LabRun.start({ psci: '1.3' }, { kernelPath: INITRAMFS });
    await run.untilGone();
    expect(await run.journal()).toMatchObject([{ type: 'failure', code: 'KERNEL_NOT_ARM64_IMAGE' }]);
  });
});
