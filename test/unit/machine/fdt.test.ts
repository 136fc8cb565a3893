import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells, cells64, type FdtNode, strings, writeFdt } from '../../../src/machine/fdt/writer.ts';
import { buildFdt, type MachineDescription } from '../../../src/machine/fdt.ts';
import { firmwareFor } from '../../../src/psci/firmware.ts';
import { PSCI_VERSIONS, type PsciVersion } from '../../../src/psci/versions.ts';
import { REGISTERS } from '../../peer/facts.ts';

/** Debian's device tree compiler (package device-tree-compiler), the reference reader and writer. */
function dtc(
  from: string,
  to: string,
  input: string | Uint8Array,
  options: readonly string[] = [],
): Uint8Array {
  const result = spawnSync('dtc', ['-I', from, '-O', to, ...options], { input });
  if (result.error !== undefined)
    throw new Error('dtc is missing; install the package device-tree-compiler', { cause: result.error });
  expect(result.stderr.toString()).toBe('');
  expect(result.status).toBe(0);
  return result.stdout;
}

function decompile(blob: Uint8Array): string {
  return new TextDecoder().decode(dtc('dtb', 'dts', blob));
}

function described(psci: PsciVersion, vcpus = 2): Pick<MachineDescription, 'firmware'> {
  return { firmware: firmwareFor({ psci, systemSuspend: false, vcpus }, REGISTERS) };
}

const machine: MachineDescription = {
  ...described('1.1', 2),
  memory: { base: 0x4000_0000, size: 0x1_2000_0000 },
  gic: {
    distributor: { base: 0x0800_0000, size: 0x1_0000 },
    redistributors: { base: 0x080a_0000, size: 0x4_0000 },
  },
  uart: { base: 0x0900_0000, size: 0x1000, spi: 0 },
  clock: { base: 0x0901_0000, size: 0x1000, spi: 1 },
  gpio: { base: 0x0903_0000, size: 0x1000, spi: 2 },
  keys: [
    { name: 'power', code: 116, pin: 0 },
    { name: 'sleep', code: 142, pin: 2 },
  ],
  virtio: [
    { base: 0x0a00_0000, size: 0x200, spi: 16 },
    { base: 0x0a00_0200, size: 0x200, spi: 17 },
  ],
  cmdline: 'console=ttyS0 quiet',
  initramfs: { start: 0x4800_0000, end: 0x4810_0001 },
  rngSeed: new Uint8Array(32).fill(0xa5),
  kaslrSeed: 0x1234_5678_90ab_cdefn,
};

/** One node of decompiled source, its own properties only. */
function node(source: string, name: string): string[] {
  const start = source.indexOf(`\t${name} {`);
  expect(start, `node ${name}`).toBeGreaterThan(0);
  const lines = source.slice(start).split('\n').slice(1);
  return lines
    .slice(
      0,
      lines.findIndex((line) => line.trim() === '};'),
    )
    .map((line) => line.trim());
}

describe('the machine as dtc reads it', () => {
  it('has the whole tree, without a warning', () => {
    const source = decompile(buildFdt(machine));
    expect(node(source, 'chosen')).toEqual([
      'bootargs = "console=ttyS0 quiet";',
      'stdout-path = "/serial@9000000";',
      'linux,initrd-start = <0x00 0x48000000>;',
      'linux,initrd-end = <0x00 0x48100001>;',
      `rng-seed = <${Array(8).fill('0xa5a5a5a5').join(' ')}>;`,
      'kaslr-seed = <0x12345678 0x90abcdef>;',
    ]);
    expect(node(source, 'aliases')).toEqual(['serial0 = "/serial@9000000";']);
    expect(node(source, 'memory@40000000')).toEqual([
      'device_type = "memory";',
      'reg = <0x00 0x40000000 0x01 0x20000000>;',
    ]);
    expect(node(source, 'timer')).toEqual([
      'compatible = "arm,armv8-timer";',
      'interrupts = <0x01 0x0d 0x04 0x01 0x0e 0x04 0x01 0x0b 0x04 0x01 0x0a 0x04>;',
      'always-on;',
    ]);
    expect(node(source, 'interrupt-controller@8000000')).toEqual([
      'compatible = "arm,gic-v3";',
      '#interrupt-cells = <0x03>;',
      '#address-cells = <0x00>;',
      'interrupt-controller;',
      'reg = <0x00 0x8000000 0x00 0x10000 0x00 0x80a0000 0x00 0x40000>;',
      'phandle = <0x01>;',
    ]);
    expect(node(source, 'serial@9000000')).toEqual([
      'compatible = "ns16550a";',
      'reg = <0x00 0x9000000 0x00 0x1000>;',
      'reg-shift = <0x00>;',
      'reg-io-width = <0x01>;',
      'clock-frequency = <0x1c2000>;',
      'interrupts = <0x00 0x00 0x04>;',
    ]);
    expect(node(source, 'apb-pclk')).toEqual([
      'compatible = "fixed-clock";',
      '#clock-cells = <0x00>;',
      'clock-frequency = <0x16e3600>;',
      'phandle = <0x02>;',
    ]);
    expect(node(source, 'rtc@9010000')).toEqual([
      'compatible = "arm,pl031\\0arm,primecell";',
      'reg = <0x00 0x9010000 0x00 0x1000>;',
      'interrupts = <0x00 0x01 0x04>;',
      'clocks = <0x02>;',
      'clock-names = "apb_pclk";',
    ]);
    expect(node(source, 'gpio@9030000')).toEqual([
      'compatible = "arm,pl061\\0arm,primecell";',
      'reg = <0x00 0x9030000 0x00 0x1000>;',
      'interrupts = <0x00 0x02 0x04>;',
      'clocks = <0x02>;',
      'clock-names = "apb_pclk";',
      'gpio-controller;',
      '#gpio-cells = <0x02>;',
      'interrupt-controller;',
      '#interrupt-cells = <0x02>;',
      '#address-cells = <0x00>;',
      'phandle = <0x03>;',
    ]);
    expect(node(source, 'key-sleep')).toEqual([
      'label = "sleep";',
      'linux,code = <0x8e>;',
      'gpios = <0x03 0x02 0x00>;',
      'wakeup-source;',
    ]);
    expect(node(source, 'virtio_mmio@a000200')).toEqual([
      'compatible = "virtio,mmio";',
      'reg = <0x00 0xa000200 0x00 0x200>;',
      'interrupts = <0x00 0x11 0x01>;',
      'dma-coherent;',
    ]);
  });

  it.each([1, 2, 8, 17])('numbers %i CPUs as KVM does', (vcpus) => {
    const source = decompile(buildFdt({ ...machine, ...described('1.1', vcpus) }));
    const regs = [...source.matchAll(/cpu@([0-9a-f]+) \{[^}]*reg = <0x([0-9a-f]+)>/g)].map(
      ([, name, reg]) => {
        expect(Number.parseInt(name ?? '', 16)).toBe(Number.parseInt(reg ?? '', 16));
        return Number.parseInt(reg ?? '', 16);
      },
    );
    expect(regs).toEqual([...Array(16).keys(), 0x100].slice(0, vcpus));
    expect(source.match(/enable-method = "psci"/g)).toHaveLength(vcpus);
  });

  it.each([
    ['0.1', '"arm,psci"'],
    ['0.2', '"arm,psci-0.2\\0arm,psci"'],
    ['1.0', '"arm,psci-1.0\\0arm,psci-0.2\\0arm,psci"'],
    ['1.1', '"arm,psci-1.0\\0arm,psci-0.2\\0arm,psci"'],
    ['1.2', '"arm,psci-1.0\\0arm,psci-0.2\\0arm,psci"'],
    ['1.3', '"arm,psci-1.0\\0arm,psci-0.2\\0arm,psci"'],
  ] as const)('tells a guest of PSCI %s what it understands', (psci, compatible) => {
    const functions = [
      'cpu_suspend = <0x95c1ba5e>;',
      'cpu_off = <0x95c1ba5f>;',
      'cpu_on = <0x95c1ba60>;',
      'migrate = <0x95c1ba61>;',
    ];
    expect(node(decompile(buildFdt({ ...machine, ...described(psci) })), 'psci')).toEqual([
      `compatible = ${compatible};`,
      'method = "hvc";',
      ...(psci === '0.1' ? functions : []),
    ]);
  });

  it('names /psci as the record does, whatever this release would', () => {
    const { firmware } = described('1.1');
    const kept = { firmware: { ...firmware, psciCompatible: ['arm,psci-0.2'] } };
    const source = decompile(buildFdt({ ...machine, ...kept }));
    expect(node(source, 'psci')).toContain('compatible = "arm,psci-0.2";');
  });

  it('leaves out what there is none of', () => {
    const { rngSeed: _rng, kaslrSeed: _kaslr, ...plain } = machine;
    const source = decompile(buildFdt({ ...plain, initramfs: null, virtio: [] }));
    expect(node(source, 'chosen')).toEqual([
      'bootargs = "console=ttyS0 quiet";',
      'stdout-path = "/serial@9000000";',
    ]);
    expect(source).not.toContain('virtio');
  });

  it('is the same every time', () => {
    expect(buildFdt(machine)).toEqual(buildFdt(machine));
  });
});

describe('the round trip through dtc', () => {
  it.each(PSCI_VERSIONS)('keeps every property of a machine of PSCI %s', (psci) => {
    const ours = buildFdt({ ...machine, ...described(psci) });
    const source = decompile(ours);
    // Decompiled source has numbers where references to nodes were.
    const theirs = dtc('dts', 'dtb', source, ['-W', 'no-clocks_property', '-W', 'no-gpios_property']);
    expect(decompile(theirs)).toBe(source);
    // The same tree in the same order: only the headers' padding and the strings may lie elsewhere.
    expect(structure(theirs)).toEqual(structure(ours));
  });

  it('keeps any tree', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9,._+-]{0,14}$/);
    const value = fc.oneof(
      fc.array(fc.nat({ max: 0xffff_ffff }), { minLength: 1, maxLength: 5 }).map((v) => cells(...v)),
      fc.array(fc.stringMatching(/^[ -~]{1,20}$/), { minLength: 1, maxLength: 3 }).map((v) => strings(...v)),
      fc.uint8Array({ maxLength: 9 }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((v) => cells64(v)),
    );
    // `phandle` and the like mean something to dtc; a prefix keeps clear of them.
    const properties = fc.uniqueArray(
      fc.tuple(
        name.map((n) => `x-${n}`),
        value,
      ),
      { maxLength: 6, selector: ([n]) => n },
    );
    const tree = (depth: number): fc.Arbitrary<FdtNode> =>
      depth === 0
        ? fc.record({ name, properties })
        : fc.record({
            name,
            properties,
            children: fc.uniqueArray(tree(depth - 1), { maxLength: 3, selector: (n) => n.name }),
          });
    fc.assert(
      fc.property(tree(3), (root) => {
        const blob = writeFdt({ ...root, name: '' });
        expect(structure(dtc('dtb', 'dtb', blob))).toEqual(structure(blob));
      }),
      { numRuns: 40, seed: 20 },
    );
  });
});

describe('cells', () => {
  it('refuse what does not fit', () => {
    expect(() => cells(-1)).toThrow(RangeError);
    expect(() => cells(2 ** 32)).toThrow(RangeError);
    expect(() => cells(0.5)).toThrow(RangeError);
    expect(() => cells64(2n ** 64n)).toThrow(RangeError);
    expect(() => cells64(-1)).toThrow(RangeError);
  });
});

/** The structure block with property names in place of their offsets. */
function structure(blob: Uint8Array): (string | Uint8Array)[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const text = (at: number) => new TextDecoder().decode(blob.subarray(at, blob.indexOf(0, at)));
  expect(view.getUint32(0)).toBe(0xd00dfeed);
  expect(view.getUint32(4)).toBe(blob.byteLength);
  expect(view.getUint32(20)).toBe(17);
  const tokens: (string | Uint8Array)[] = [];
  let at = view.getUint32(8);
  for (;;) {
    const token = view.getUint32(at);
    at += 4;
    if (token === 1) {
      const name = text(at);
      tokens.push(`{ ${name}`);
      at = (at + name.length + 4) & ~3;
    } else if (token === 2) tokens.push('}');
    else if (token === 3) {
      const length = view.getUint32(at);
      tokens.push(text(view.getUint32(12) + view.getUint32(at + 4)));
      tokens.push(Uint8Array.from(blob.subarray(at + 8, at + 8 + length)));
      at = (at + 8 + length + 3) & ~3;
    } else {
      expect(token).toBe(9);
      return tokens;
    }
  }
}
