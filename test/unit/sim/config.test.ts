import { describe, expect, it } from 'vitest';
import { readSimConfig } from '../../../src/sim/config.ts';

const given = ['--driver', 'sim', '--api', 'http://127.0.0.1:8080/', '--state', '/tmp/sim'];

describe('the command line of simulated hosts', () => {
  it('has defaults for all but the API and the state', () => {
    expect(readSimConfig(given, {})).toEqual({
      api: 'http://127.0.0.1:8080',
      state: '/tmp/sim',
      enrolmentTokenFile: null,
      prefix: 'sim',
      labels: {},
      count: 1,
      kernels: ['6.1'],
      capacity: { vcpus: 64, memoryMiB: 65_536 },
      logLevel: 'warn',
    });
    expect(() => readSimConfig([], {})).toThrow('--api');
    expect(() => readSimConfig(['--api', 'http://x'], {})).toThrow('--state');
  });

  it('takes a fleet of several kernels', () => {
    const config = readSimConfig(
      [...given, '--count', '300', '--kernel', '5.10,6.1,7.x', '--label', 'zone=b'],
      {},
    );
    expect(config).toMatchObject({ count: 300, kernels: ['5.10', '6.1', '7.x'], labels: { zone: 'b' } });
  });

  it.each([
    ['--kernel', '4.4', '--kernel="4.4" must be of 5.10, 6.1, 7.x'],
    ['--count', '0', '--count="0" must be'],
    ['--count', '1.5', '--count="1.5" must be a whole number'],
    ['--count', '10001', 'from 1 to 10000'],
    ['--spare-workers', '1', 'Unknown option'],
  ])('refuses %s %s', (flag, value, message) => {
    expect(() => readSimConfig([...given, flag, value], {})).toThrow(message);
  });
});
