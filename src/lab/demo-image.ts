/**
 * The demo guest's image: Debian's newest cloud kernel (a guest calls SYSTEM_OFF2 from Linux 6.13 on) and a small
 * initramfs around busybox. The guest prints which PSCI version its firmware gave it, powers off on KEY_POWER,
 * hibernates to /dev/vda on KEY_SUSPEND, resumes from there at the next boot, and keeps a random marker in memory
 * that shows whether it is still the same guest. Every network interface asks for an address by DHCP. Its console
 * has a shell.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CpioWriter } from './cpio.ts';
import { kernel, newestKernel } from './kernels.ts';
import { modulesInOrder } from './modules.ts';
import { buildOnce, labCache, type Progress, shortDigest, silent } from './paths.ts';
import { userland } from './root.ts';

export interface DemoImage {
  /** A plain arm64 Image. */
  readonly kernelPath: string;
  /** A gzip-compressed cpio archive; equal inputs give equal bytes. */
  readonly initramfsPath: string;
  readonly cmdline: string;
  /** What a guest needs to hibernate: with less, the kernel finds no room for the copy of its memory. */
  readonly memoryMiB: number;
}

const guestModules = ['virtio_mmio', 'virtio_blk', 'virtio_input', 'evdev', 'virtio_net', 'virtio_rng'];

/** Linux input event codes (include/uapi/linux/input-event-codes.h) as busybox acpid wants them: pressed, not released. */
const acpiMap = `EV_KEY 0x01 KEY_POWER 116 1 power
EV_KEY 0x01 KEY_SUSPEND 205 1 hibernate
`;
const acpidActions = `power power
hibernate hibernate
`;

const scripts: Readonly<Record<string, string>> = {
  '/etc/acpi/power': '#!/bin/sh\necho "power key" >/dev/console\nexec poweroff -f\n',
  '/etc/acpi/hibernate': '#!/bin/sh\nexec hibernate >/dev/console 2>&1\n',
  '/bin/psci': "#!/bin/sh\ndmesg | grep -i 'psci:.*detected'\n",
  '/bin/warm-reboot': '#!/bin/sh\necho warm >/sys/kernel/reboot/mode && exec reboot -f\n',
};

/** Builds the image, or returns the one already there. */
export async function buildDemoImage(
  cacheDir: string = join(labCache, 'demo-image'),
  progress: Progress = silent,
): Promise<DemoImage> {
  const guestKernel = await kernel(newestKernel, { progress });
  const root = await userland(progress);
  const own = async (name: string): Promise<Buffer> =>
    await readFile(new URL(`guest/${name}.sh`, import.meta.url));
  const files = new Map<string, Buffer>(
    Object.entries(scripts).map(([path, text]) => [path, Buffer.from(text)]),
  );
  files.set('/init', await own('init'));
  files.set('/bin/hibernate', await own('hibernate'));
  files.set('/bin/lease', await own('lease'));
  files.set('/bin/hibernation-image', await own('hibernation-image'));
  const digest = shortDigest(
    ...[guestKernel.version, basename(root), guestModules.join(), acpiMap, acpidActions],
    ...[...files].flat(),
  );
  const initramfsPath = await buildOnce(join(cacheDir, `initramfs-${digest}.cpio.gz`), async (path) => {
    progress('packing the demo guest');
    const modules = await modulesInOrder(guestKernel.modulesPath, guestModules);
    const archive = new CpioWriter()
      .characterDevice('/dev/console', 5, 1)
      .file('/bin/busybox', await readFile(join(root, 'usr/bin/busybox')), 0o755)
      .symlink('/sbin', 'bin')
      .file('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n')
      .file('/etc/inittab', '::respawn:/bin/env ENV=/etc/shrc /bin/cttyhack /bin/sh\n')
      .file('/etc/shrc', "PS1='guest# '\n")
      .file('/etc/acpi.map', acpiMap)
      .file('/etc/acpid.conf', acpidActions)
      .file('/modules/order', `${modules.map((module) => `${module.name}.ko`).join('\n')}\n`);
    for (const [path, content] of files) archive.file(path, content, 0o755);
    for (const module of modules) archive.file(`/modules/${module.name}.ko`, module.object);
    await writeFile(path, gzipSync(archive.finish(), { level: 9 }));
  });
  return {
    kernelPath: guestKernel.imagePath,
    initramfsPath,
    // The contiguous memory area would keep hibernation from finding room in a small guest.
    cmdline: 'console=ttyS0 quiet cma=0',
    memoryMiB: 384,
  };
}
