import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../src/lab/paths.ts';
import { freePort } from '../../src/standalone/free-port.ts';
import { Operator, until } from '../../src/standalone/operator.ts';

/** Pids of living processes whose command line or environment names `text`, and of all they started. */
function processesOf(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const known =
          readFileSync(`/proc/${pid}/cmdline`, 'latin1') + readFileSync(`/proc/${pid}/environ`, 'latin1');
        return known.includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('script/server', () => {
  it('comes up with a host and an image, ends with Ctrl-C leaving nothing, and comes back as it was', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-server-'));
    const port = await freePort();
    const serve = () => {
      const child = spawn(join(repositoryRoot, 'script/server'), ['--hosts', '6.12'], {
        env: { ...process.env, HOLDFAST_DATA: dataDir, HOLDFAST_PORT: String(port) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      return { child, output: () => output };
    };
    const up = async (server: ReturnType<typeof serve>): Promise<Operator> => {
      await until(
        () => `script/server to be up; it said:\n${server.output()}`,
        async () => (server.output().includes('Holdfast is up') ? true : undefined),
        600_000,
      );
      const token = readFileSync(join(dataDir, 'admin.token'), 'utf8').trim();
      return new Operator(`http://127.0.0.1:${port}`, token);
    };
    const interrupt = async ({ child, output }: ReturnType<typeof serve>) => {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = await exited;
      expect(code, output()).toBe(0);
      expect(output()).toContain('everything has stopped');
      await until(
        () => `processes ${processesOf(dataDir).join(', ')} to be gone`,
        async () => (processesOf(dataDir).length === 0 ? true : undefined),
        60_000,
      );
    };

    const first = serve();
    const operator = await up(first);
    expect(first.output()).toContain(`http://127.0.0.1:${port}`);
    expect(first.output()).toContain(join(dataDir, 'admin.token'));
    expect(statSync(join(dataDir, 'admin.token')).mode & 0o777).toBe(0o600);
    const host = await operator.activeHost('lab-6-12');
    expect(host.psci).toEqual({ accepted: ['0.1', '0.2', '1.0', '1.1'], default: '1.1' });
    await interrupt(first);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);

    const second = serve();
    const again = await up(second);
    expect((await again.activeHost('lab-6-12')).id).toBe(host.id);
    await interrupt(second);

    // Interrupted half-way up, it leaves nothing either.
    const third = serve();
    await until('the third start to be under way', async () =>
      third.output().includes('booting') ? true : undefined,
    );
    await interrupt(third);
    await rm(dataDir, { recursive: true, force: true });
  });
});
