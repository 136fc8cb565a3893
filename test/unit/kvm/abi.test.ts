/**
 * The layouts against a C compiler and the kernel's own headers, where the machine has both; arm64's headers, if they
 * are not the machine's own, come with Debian's linux-libc-dev-arm64-cross.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as abi from '../../../src/kvm/abi.ts';
import * as ioctls from '../../../src/kvm/ioctls.ts';
import type { Layout } from '../../../src/kvm/struct.ts';
import * as tap from '../../../src/kvm/tap.ts';
import * as vhost from '../../../src/kvm/vhost-abi.ts';

const CROSS_HEADERS = '/usr/aarch64-linux-gnu/include';
const includes = existsSync(CROSS_HEADERS) ? [`-I${CROSS_HEADERS}`] : [];
const hasHeaders = existsSync('/usr/include/linux/kvm.h') || includes.length > 0;
const hasCompiler = spawnSync('cc', ['--version']).status === 0;
const arm64 = includes.length > 0 || process.arch === 'arm64';
/** Only arm64's headers have these. */
const ARM64_ONLY =
  /^(kvm_vcpu_init$|kvm_vcpu_events$|KVM_ARM_|KVM_VGIC_V3|KVM_DEV_ARM|KVM_[GS]ET_VCPU_EVENTS)/;

function isLayout(value: unknown): value is Layout {
  return typeof value === 'object' && value !== null && 'fields' in value;
}

function isRequest(value: unknown): value is ioctls.Ioctl {
  return typeof value === 'object' && value !== null && 'number' in value;
}

describe.skipIf(!hasCompiler || !hasHeaders)('according to the kernel’s headers', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'holdfast-abi-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** Prints each C expression as an unsigned number. */
  function evaluate(expressions: readonly string[]): bigint[] {
    const source = join(directory, 'print.c');
    const program = join(directory, 'print');
    const lines = expressions.map(
      (expression) => `  printf("%llu\\n", (unsigned long long)(${expression}));`,
    );
    const headers = ['stddef.h', 'stdio.h', 'linux/kvm.h', 'linux/vhost.h', 'linux/if.h', 'linux/if_tun.h'];
    const head = headers.map((header) => `#include <${header}>\n`).join('');
    writeFileSync(
      source,
      `${head}#include <linux/virtio_net.h>\nint main(void) {\n${lines.join('\n')}\n  return 0;\n}\n`,
    );
    execFileSync('cc', [...includes, '-o', program, source]);
    return execFileSync(program, { encoding: 'utf8' }).trim().split('\n').map(BigInt);
  }

  const layouts = [...Object.values<unknown>(abi), ...Object.values<unknown>(vhost)]
    .filter(isLayout)
    .filter(({ name }) => arm64 || !ARM64_ONLY.test(name));

  it('every field lies where the compiler puts it', () => {
    const fields = layouts.flatMap(({ name, fields }) =>
      Object.entries(fields).map(([field, [offset]]) => ({ name, field, offset })),
    );
    expect(fields.length).toBeGreaterThan(25);
    const offsets = evaluate(fields.map(({ name, field }) => `offsetof(struct ${name}, ${field})`));
    expect(fields.map(({ name, field }, i) => `${name}.${field} ${offsets[i]}`)).toEqual(
      fields.map(({ name, field, offset }) => `${name}.${field} ${offset}`),
    );
  });

  it('every structure has its size', () => {
    const complete = [...abi.completeLayouts, ...Object.values<unknown>(vhost).filter(isLayout)].filter(
      (layout) => layouts.includes(layout),
    );
    const sizes = evaluate(complete.map(({ name }) => `sizeof(struct ${name})`));
    expect(complete.map(({ name }, i) => `${name} ${sizes[i]}`)).toEqual(
      complete.map(({ name, size }) => `${name} ${size}`),
    );
  });

  it('every request has its number', () => {
    const requests = [ioctls, vhost, tap]
      .flatMap((module) => Object.values<unknown>(module))
      .filter(isRequest)
      .filter(({ name }) => arm64 || !ARM64_ONLY.test(name));
    expect(requests.length).toBeGreaterThan(12);
    expect(evaluate(requests.map(({ name }) => name))).toEqual(requests.map(({ number }) => BigInt(number)));
  });

  it('every constant has its value', () => {
    // Newer than the oldest headers this is checked with, or not from the headers.
    const absent = ['KVM_CAP_SYSTEM_EVENT_DATA'];
    // The headers number the features' bits; ours are the bits.
    const bits = ['KVM_ARM_VCPU_POWER_OFF', 'KVM_ARM_VCPU_PSCI_0_2'];
    const constants = Object.entries(abi)
      .filter(
        (entry): entry is [string, number] => entry[0].startsWith('KVM_') && typeof entry[1] === 'number',
      )
      .filter(([name]) => !absent.includes(name) && (arm64 || !ARM64_ONLY.test(name)));
    expect(constants.length).toBeGreaterThan(12);
    const values = evaluate(constants.map(([name]) => (bits.includes(name) ? `1 << ${name}` : name)));
    expect(constants.map(([name], i) => `${name} ${values[i]}`)).toEqual(
      constants.map(([name, value]) => `${name} ${value}`),
    );
  });

  it('a tap’s constants have their values', () => {
    const constants = Object.entries<unknown>(tap).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && /^(IF|TUN)/.test(entry[0]),
    );
    expect(constants.length).toBeGreaterThan(6);
    const spelled = (name: string) => (name === 'IFREQ_SIZE' ? 'sizeof(struct ifreq)' : name);
    expect(evaluate(constants.map(([name]) => spelled(name)))).toEqual(
      constants.map(([, value]) => BigInt(value)),
    );
    expect(
      evaluate(['offsetof(struct ifreq, ifr_flags)', 'sizeof(struct virtio_net_hdr_mrg_rxbuf)']),
    ).toEqual([BigInt(tap.IFNAMSIZ), BigInt(tap.VNET_HEADER_BYTES)]);
  });
});
