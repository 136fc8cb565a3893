/** The lab itself: a host boots with a real /dev/kvm, reaches the machine, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabConnection } from '../../src/lab/connection.ts';
import { type LabControl, LabHost } from '../../src/lab/host.ts';
import { labCache, repositoryRoot } from '../../src/lab/paths.ts';

/** For `expect.poll`, which else gives up after a second. */
const PATIENT = { timeout: 60_000, interval: 50 };

describe('a lab host', () => {
  let host: LabHost;
  let scratch: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'lab-'));
    host = await LabHost.start({
      kernel: '7.3',
      name: 'boot-test',
      dataDisk: join(scratch, 'data.ext4'),
      hostForwards: [8080],
      progress: (line) => console.log(line),
    });
  });
  afterAll(async () => {
    await host.powerOff();
    await rm(scratch, { recursive: true });
  });

  async function shell(script: string): Promise<string> {
    const { code, stdout, stderr } = await host.exec(['sh', '-c', script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim();
  }

  it('runs its kernel on arm64 and has a KVM that answers', async () => {
    expect(await shell('uname -rm')).toBe(`${host.control.release} aarch64`);
    // KVM_GET_API_VERSION is _IO(0xAE, 0) and has been 12 since Linux 2.6.22 (include/uapi/linux/kvm.h).
    const script = `
      const koffi = (await import('koffi')).default;
      const libc = koffi.load('libc.so.6');
      const fd = libc.func('int open(const char *, int)')('/dev/kvm', 2);
      console.log(libc.func('int ioctl(int, unsigned long, long)')(fd, 0xae00, 0));`;
    const { stdout, stderr } = await host.exec(['node', '--input-type=module', '-e', script]);
    expect({ stdout, stderr }).toEqual({ stdout: '12\n', stderr: '' });
  });

  it('has the Node that the product needs', async () => {
    expect(await shell('node --version')).toMatch(/^v24\./);
  });

  it('has the machine’s time to within seconds', async () => {
    const before = Date.now() / 1000;
    const inside = Number(await shell('date +%s'));
    expect(inside).toBeGreaterThan(before - 10);
    expect(inside).toBeLessThan(Date.now() / 1000 + 10);
  });

  it('reaches a server on the machine’s loopback', async () => {
    const server = createServer((_, response) => response.end('from the machine')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      expect(await shell(`wget -q -O - http://${host.apiAddress}:${port}/`)).toBe('from the machine');
    } finally {
      server.close();
    }
  });

  it('is reached through a forwarded port', async () => {
    const listener = await host.spawn(['sh', '-c', 'echo from inside | nc -l -p 8080']);
    const answer = await (async (): Promise<string> => {
      // The listener needs a moment; until then the connection closes empty.
      for (;;) {
        const socket = connect(host.forwarded(8080), '127.0.0.1');
        socket.on('error', () => undefined);
        const [first] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
        socket.destroy();
        if (first instanceof Buffer) return first.toString('utf8');
      }
    })();
    expect(answer).toBe('from inside\n');
    listener.kill();
    await listener.exited;
  });

  it('gives input, both outputs, exit code and signal', async () => {
    const script = 'read line; echo "out $line"; echo err >&2; exit 7';
    expect(await host.exec(['sh', '-c', script], { input: 'word\n' })).toEqual({
      code: 7,
      signal: null,
      stdout: 'out word\n',
      stderr: 'err\n',
    });
    const child = await host.spawn(['sleep', '1000']);
    child.kill('SIGTERM');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect((await host.exec(['sleep', '1000'], { timeoutMs: 100 })).signal).toBe('SIGKILL');
    await expect(host.exec(['no-such-program'])).rejects.toThrow('no-such-program');
  });

  it('moves a large output and a file unharmed', async () => {
    const content = Buffer.alloc(3_000_001, 'holdfast ');
    await host.putFile('/tmp/deep/file', content, 0o600);
    expect(await shell('stat -c "%a %s" /tmp/deep/file')).toBe('600 3000001');
    expect((await host.getFile('/tmp/deep/file')).equals(content)).toBe(true);
    await expect(host.getFile('/tmp/absent')).rejects.toThrow('/tmp/absent');
  });

  it('ends a process whose caller is gone, and keeps a service', async () => {
    const other = new LabConnection(host.address);
    const child = await other.spawn(['sleep', '1000']);
    const service = await other.service(['sh', '-c', 'echo started; exec sleep 1000'], '/tmp/service.log');
    child.disconnect();
    await expect(child.exited).rejects.toThrow('lost');
    const lives = async (pid: number): Promise<boolean> =>
      (await host.exec(['kill', '-0', String(pid)])).code === 0;
    await expect.poll(() => lives(child.pid), PATIENT).toBe(false);
    expect(await lives(service)).toBe(true);
    const log = async (): Promise<string> => (await host.getFile('/tmp/service.log')).toString();
    await expect.poll(log, PATIENT).toBe('started\n');
    await host.kill9(service);
    await expect.poll(() => lives(service), PATIENT).toBe(false);
  });

  it('lets nobody in without the token', async () => {
    expect(await new LabConnection({ ...host.address, token: 'guess' }).answers()).toBe(false);
  });

  it('refreshes the product’s source', async () => {
    await shell('rm -r /opt/holdfast/src && mkdir /opt/holdfast/src && touch /opt/holdfast/src/stale');
    await host.push();
    const inside = await host.getFile('/opt/holdfast/src/lab/labd.ts');
    expect(inside.equals(await readFile(join(repositoryRoot, 'src/lab/labd.ts')))).toBe(true);
    expect((await host.exec(['ls', '/opt/holdfast/src/stale'])).code).toBe(1);
  });

  it('keeps its data disk over a boot', async () => {
    await host.putFile('/var/lib/holdfast/kept', 'kept');
    await host.powerOff();
    expect(existsSync(host.control.directory)).toBe(false);
    host = await LabHost.start({ kernel: '7.3', name: 'boot-test', dataDisk: join(scratch, 'data.ext4') });
    expect((await host.getFile('/var/lib/holdfast/kept')).toString()).toBe('kept');
  });
});

describe('when the process that started a host is killed', () => {
  it('QEMU and the host’s files are gone', async () => {
    const name = `orphan-${process.pid}`;
    const args = ['src/lab/main.ts', 'run', '--name', name, '--', 'sleep', '1000'];
    const child = spawn(process.execPath, args, { cwd: repositoryRoot, stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
    await expect.poll(() => printed, { timeout: 200_000, interval: 200 }).toContain(`${name} is up`);
    const run = join(labCache, 'run');
    const directory = join(run, (await readdir(run)).find((entry) => entry.startsWith(name)) ?? 'none');
    const control = JSON.parse(await readFile(join(directory, 'control.json'), 'utf8')) as LabControl;
    expect(existsSync(`/proc/${control.qemuPid}`)).toBe(true);

    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => existsSync(`/proc/${control.qemuPid}`), PATIENT).toBe(false);
    await expect.poll(() => existsSync(directory), PATIENT).toBe(false);
  });
});
