import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FirmwareLock, FirmwareLockedError } from '../../../src/kvm/firmware-lock.ts';

const SRC = resolve(import.meta.dirname, '../../../src');

/** A file without its comments. */
function code(path: string): string {
  return readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}

describe('the firmware lock', () => {
  it('stays shut', () => {
    const lock = new FirmwareLock();
    lock.assertOpen();
    lock.lock();
    lock.lock();
    expect(() => lock.assertOpen()).toThrow(FirmwareLockedError);
  });

  it('guards the only ways to write a register', () => {
    const files = ['kvm', 'machine', 'worker'].flatMap((folder) =>
      readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => ({ path: `${folder}/${path}`, text: code(join(SRC, folder, path)) })),
    );
    const naming = (pattern: RegExp) =>
      files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
    expect(naming(/\bKVM_SET_ONE_REG\b/).sort()).toEqual([
      'kvm/ioctls.ts',
      'kvm/one-reg.ts',
      'kvm/saved-vcpu.ts',
    ]);
    // Which refuses firmware registers.
    const saved = files.find(({ path }) => path === 'kvm/saved-vcpu.ts');
    expect(saved?.text).toMatch(/isFirmwareRegister\(id\)\) throw/);
    expect(naming(/\bsetFirmwareRegister\(/).sort()).toEqual([
      'kvm/probe.ts',
      'kvm/vcpu.ts',
      'machine/fingerprint/guest.ts',
      'machine/pin.ts',
    ]);
    // A vCPU's own thread writes ordinary registers alone, when its guest has suspended itself.
    const runner = files.find(({ path }) => path === 'kvm/vcpu-runner.ts');
    expect(runner?.text.match(/#register\.set/g)).toHaveLength(1);
    expect(runner?.text).toMatch(/isFirmwareRegister\(id\)\) throw [^}]*#register\.set/);
  });
});
