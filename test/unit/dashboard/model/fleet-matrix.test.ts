import { describe, expect, it } from 'vitest';
import { fleetMatrix, kernelSeries } from '../../../../src/dashboard/model/fleet-matrix.ts';

const host = (id: string, kernel: string, accepted: ('1.0' | '1.1' | '1.3')[]) => ({
  id,
  kernel,
  psci: { accepted, default: '1.1' as const },
});
const vm = (effective: '1.0' | '1.1' | '1.3' | null, hostId: string | null) => ({
  psci: { effective },
  hostId,
});

describe('the matrix', () => {
  const hosts = [
    host('a', '6.12.43+deb13-arm64', ['1.0', '1.1']),
    host('b', '5.10.0-35-arm64', ['1.0']),
    host('c', '6.12.9', ['1.0', '1.1', '1.3']),
  ];
  const matrix = fleetMatrix(
    [vm('1.1', 'a'), vm('1.1', 'c'), vm('1.0', 'b'), vm('1.3', null), vm(null, null)],
    hosts,
  );
  const cell = (version: string, kernel: string) =>
    matrix.rows.find((row) => row.version === version)?.cells.get(kernel);

  it('puts kernels in the order of their numbers and counts their hosts', () => {
    expect([...matrix.hostsOf]).toEqual([
      ['5.10', 1],
      ['6.12', 2],
    ]);
  });
  it('counts VMs by pin and kernel', () => {
    expect(cell('1.1', '6.12')).toEqual({ vms: 2, accepted: true });
    expect(cell('1.0', '5.10')).toEqual({ vms: 1, accepted: true });
    expect(cell('1.0', '6.12')).toEqual({ vms: 0, accepted: true });
  });
  it('knows what no host with a kernel accepts', () => {
    expect(cell('1.1', '5.10')).toEqual({ vms: 0, accepted: false });
    expect(cell('1.3', '6.12')).toEqual({ vms: 0, accepted: true });
  });
  it('counts apart the VMs on no host and those without a version', () => {
    expect(matrix.rows.find((row) => row.version === '1.3')?.unplaced).toBe(1);
    expect(matrix.undecided).toBe(1);
  });
});

describe('the series of a kernel', () => {
  it('is its first two numbers, or all of what it calls itself', () => {
    expect(kernelSeries('6.1.0-39-arm64')).toBe('6.1');
    expect(kernelSeries('mainline')).toBe('mainline');
  });
});
