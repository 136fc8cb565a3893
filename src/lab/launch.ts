/** What a lab host boots from and how QEMU is told: its directory, initramfs, data disk, ports and arguments. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { CpioWriter } from './cpio.ts';
import type { Kernel } from './kernels.ts';
import { buildOnce, labCache, type Progress } from './paths.ts';
import { baseDisk, kernelInitramfs, productArchives, withSbin } from './root.ts';
import { run } from './run.ts';

/** Port of `labd` inside the host. */
const labdPort = 7077;

/** Enough for many disks of guests; the file is sparse. */
const dataDiskSize = '16G';

export interface LaunchOptions {
  readonly name: string;
  readonly kernel: Kernel;
  readonly memoryMiB: number;
  readonly cpus: number;
  /** Made if missing; without it the disk lies in the host's directory. */
  readonly dataDisk: string | undefined;
  readonly hostForwards: readonly number[];
  /** Raw images by the serial numbers they have inside. */
  readonly readOnlyDisks: Readonly<Record<string, string>>;
  readonly progress: Progress;
}

export interface Launch {
  /** What `labd` wants to hear. */
  readonly token: string;
  /** Where on the machine's loopback `labd` is reached. */
  readonly port: number;
  /** Ports inside to ports of the machine's loopback. */
  readonly forwarded: Readonly<Record<string, number>>;
  /** QEMU's arguments. */
  readonly args: readonly string[];
  /** Not needed once the host is up. */
  readonly initrd: string;
}

/** A directory for one boot. What is in it goes with the host. */
export async function newRunDirectory(name: string): Promise<string> {
  const parent = join(labCache, 'run');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return await mkdtemp(join(parent, `${name}-`));
}

/** Fills the directory with what this boot needs. */
export async function prepareLaunch(directory: string, options: LaunchOptions): Promise<Launch> {
  const token = randomBytes(24).toString('hex');
  const initrd = join(directory, 'initrd');
  await writeInitrd(initrd, options, token);
  const dataDisk = options.dataDisk ?? join(directory, 'data.ext4');
  await makeDataDisk(dataDisk);
  const base = await baseDisk(options.progress);
  const [port = 0, ...ports] = await freePorts(1 + options.hostForwards.length);
  const forwarded = Object.fromEntries(options.hostForwards.map((inside, i) => [inside, ports[i] ?? 0]));
  const args = [
    ...['-M', 'virt,virtualization=on,gic-version=3'],
    ...['-cpu', 'max,pauth-impdef=on'],
    ...['-accel', 'tcg,thread=multi'],
    ...['-smp', String(options.cpus)],
    ...['-m', String(options.memoryMiB)],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...['-global', 'virtio-mmio.force-legacy=false'],
    ...['-device', 'virtio-rng-device'],
    ...['-drive', `if=none,id=base,format=raw,readonly=on,file=${escapeComma(base)}`],
    ...['-device', 'virtio-blk-device,drive=base,serial=base'],
    ...['-drive', `if=none,id=data,format=raw,file=${escapeComma(dataDisk)}`],
    ...['-device', 'virtio-blk-device,drive=data,serial=data'],
    ...Object.entries(options.readOnlyDisks).flatMap(([serial, path]) => [
      ...['-drive', `if=none,id=${serial},format=raw,readonly=on,file=${escapeComma(path)}`],
      ...['-device', `virtio-blk-device,drive=${serial},serial=${serial}`],
    ]),
    ...['-netdev', userNetwork({ ...forwarded, [labdPort]: port })],
    ...['-device', 'virtio-net-device,netdev=net'],
    ...['-kernel', options.kernel.imagePath, '-initrd', initrd],
    // A panic ends the boot at once; QEMU does not reboot.
    ...['-append', 'console=ttyAMA0 quiet panic=1'],
  ];
  return { token, port, forwarded, args, initrd };
}

/** One file for QEMU: the kernel's archive, the product's, and what only this boot knows. */
async function writeInitrd(path: string, options: LaunchOptions, token: string): Promise<void> {
  const env = {
    PATH: '/usr/bin:/usr/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    HOLDFAST_LAB_HOST: options.name,
    // Removing types costs half a second for each process here; what was done once is kept.
    NODE_COMPILE_CACHE: '/tmp/node-compile-cache',
  };
  const own = new CpioWriter()
    .file('/etc/lab.json', JSON.stringify({ token, port: labdPort, env }), 0o600)
    .file('/etc/hostname', `${options.name}\n`)
    .file('/etc/hosts', `127.0.0.1 localhost ${options.name}\n`)
    .finish();
  const kernelPart = await readFile(await kernelInitramfs(options.kernel, options.progress));
  const product = await productArchives(options.progress);
  await writeFile(path, Buffer.concat([kernelPart, ...product, own]), { mode: 0o600 });
}

async function makeDataDisk(target: string): Promise<void> {
  const options = ['-E', 'lazy_itable_init=1,lazy_journal_init=1', '-m', '0'];
  await buildOnce(target, async (path) => {
    const missing = 'install the package e2fsprogs';
    await run('mke2fs', ['-q', '-t', 'ext4', ...options, path, dataDiskSize], { missing, env: withSbin() });
  });
}

/** QEMU's user networking; with it the machine's loopback is 10.0.2.2 inside. */
function userNetwork(forwards: Readonly<Record<string, number>>): string {
  const rules = Object.entries(forwards).map(([inside, port]) => `,hostfwd=tcp:127.0.0.1:${port}-:${inside}`);
  return `user,id=net${rules.join('')}`;
}

/** QEMU's option parser ends a value at a comma unless it is doubled. */
function escapeComma(path: string): string {
  return path.replaceAll(',', ',,');
}

/** Ports of the machine's loopback that nobody listens on now. */
async function freePorts(count: number): Promise<number[]> {
  const listen = async (): Promise<Server> =>
    await new Promise((resolve, reject) => {
      const server = createServer().once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(server));
    });
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
