/** Guests of a few instructions as images of a fleet. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Image, Operator } from '../../src/standalone/operator.ts';
import { image } from '../lab/inside/payload.ts';

/** An image whose kernel is `code` (test/lab/inside/payload.ts). */
export async function payloadImage(
  operator: Operator,
  name: string,
  code: readonly number[],
): Promise<Image> {
  const directory = mkdtempSync(join(tmpdir(), 'payload-'));
  try {
    const kernelPath = join(directory, 'kernel');
    writeFileSync(kernelPath, image(code));
    return await operator.ensureImage({ name, kernelPath, initramfsPath: null, cmdline: '' });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
