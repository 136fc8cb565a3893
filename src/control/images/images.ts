/** Images: a kernel, an initramfs and a command line under one name. */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import { isForeignKeyViolation, isUniqueViolation } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { Image } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { findBlob, readBlob } from './blobs.ts';
import { inspectKernel } from './kernel-image.ts';

export interface NewImage {
  name: string;
  /** Digests. */
  kernel: string;
  initramfs: string | null;
  cmdline: string;
}

/** Throws BLOB_UNKNOWN, KERNEL_NOT_ARM64_IMAGE or IMAGE_NAME_TAKEN. */
export async function createImage(control: Control, input: NewImage): Promise<Image> {
  for (const member of ['kernel', 'initramfs'] as const) {
    const digest = input[member];
    if (digest !== null && (await findBlob(control, digest)) === null) {
      throw new Refusal(
        'BLOB_UNKNOWN',
        `There is no blob ${digest}. Upload it with PUT /v1/blobs/${digest} first.`,
        {
          pointer: `/${member}`,
        },
      );
    }
  }
  const kernel = await inspectKernel(readBlob(control, input.kernel));
  if (!kernel.bootable) {
    throw new Refusal(
      'KERNEL_NOT_ARM64_IMAGE',
      `${input.kernel} cannot be started: ${kernel.reason}. Upload an arm64 Image (arch/arm64/boot/Image, Image.gz, ` +
        'Image.zst or vmlinuz.efi) or flat arm64 code.',
      { pointer: '/kernel' },
    );
  }
  const data = {
    id: uuidv7(),
    name: input.name,
    kernelDigest: input.kernel,
    initramfsDigest: input.initramfs,
    cmdline: input.cmdline,
    kernelVersion: kernel.version,
  };
  try {
    return await transact(control, (tx) => tx.image.create({ data }));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Refusal('IMAGE_NAME_TAKEN', `There is an image "${input.name}" already; choose another name.`, {
      pointer: '/name',
    });
  }
}

export async function getImage(control: Control, imageId: string): Promise<Image> {
  const image = await control.db.image.findUnique({ where: { id: imageId } });
  if (image === null) throw new Refusal('IMAGE_NOT_FOUND', `There is no image ${imageId}.`);
  return image;
}

/** In the order of creation, which is that of the ids (UUIDv7). */
export async function listImages(
  control: Control,
  page: { afterId: string | null; limit: number },
): Promise<Image[]> {
  return control.db.image.findMany({
    ...(page.afterId === null ? {} : { where: { id: { gt: page.afterId } } }),
    orderBy: { id: 'asc' },
    take: page.limit,
  });
}

/** Throws IMAGE_NOT_FOUND, or IMAGE_IN_USE while a VM has it. */
export async function deleteImage(control: Control, imageId: string): Promise<void> {
  const found = await control.db.image
    .deleteMany({ where: { id: imageId } })
    .catch(async (error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error;
      const vms = await control.db.vm.count({ where: { imageId } });
      throw new Refusal(
        'IMAGE_IN_USE',
        `${vms} VMs have this image: delete them or give them another one first.`,
      );
    });
  if (found.count === 0) throw new Refusal('IMAGE_NOT_FOUND', `There is no image ${imageId}.`);
}
