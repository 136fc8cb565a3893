/** The units say what the processes need, and systemd understands them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../src/lab/paths.ts';

const UNITS = join(repositoryRoot, 'deploy/systemd');
const text = (unit: string) => readFileSync(join(UNITS, unit), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the unit of the agent', () => {
  const lines = text('holdfast-agent.service').split('\n');

  it('leaves the workers running when the agent stops, and when one of them is out of memory', () => {
    expect(lines).toEqual(expect.arrayContaining(['KillMode=process', 'OOMPolicy=continue']));
  });

  it('lets machines have KVM, taps and vhost', () => {
    for (const device of ['/dev/kvm', '/dev/net/tun', '/dev/vhost-net', '/dev/vhost-vsock']) {
      expect(lines).toContain(`DeviceAllow=${device} rw`);
    }
    const capabilities = lines.find((line) => line.startsWith('CapabilityBoundingSet='));
    expect(capabilities).toMatch(/\bCAP_NET_ADMIN\b.*\bCAP_NET_BIND_SERVICE\b/);
  });
});

describe.runIf(hasSystemd)('systemd', () => {
  it.each(['holdfast-agent.service', 'holdfast-api.service'])('understands %s', (unit) => {
    const directory = mkdtempSync(join(tmpdir(), 'units-'));
    try {
      // Where this machine has no installation, any program stands in for it.
      const path = join(directory, unit);
      writeFileSync(path, text(unit).replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
      expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
