import { describe, expect, it } from 'vitest';
import { fleetMatrix, kernelSeries } from '../../../../src/dashboard/model/fleet-matrix.ts';

describe('the matrix', () => {
  const matrix = fleetMatrix(
    [
      { psciVersion: '1.0', kernel: '5.10.0-35-arm64', vms: 1, acceptingHosts: 1 },
      { psciVersion: '1.0', kernel: '6.12.43+deb13-arm64', vms: 0, acceptingHosts: 1 },
      { psciVersion: '1.0', kernel: '6.12.9', vms: 0, acceptingHosts: 1 },
      { psciVersion: '1.1', kernel: '6.12.43+deb13-arm64', vms: 1, acceptingHosts: 1 },
      { psciVersion: '1.1', kernel: '6.12.9', vms: 1, acceptingHosts: 1 },
      { psciVersion: '1.3', kernel: '6.12.9', vms: 0, acceptingHosts: 1 },
      { psciVersion: '1.3', kernel: null, vms: 1, acceptingHosts: 0 },
      { psciVersion: null, kernel: null, vms: 1, acceptingHosts: 0 },
    ],
    { '6.12.43+deb13-arm64': 1, '5.10.0-35-arm64': 1, '6.12.9': 1 },
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
