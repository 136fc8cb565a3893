/** `holdfast` as a command-line client: what it ends with and what it prints, against the real API. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost } from '../../support/protocol-host.ts';
import { temporaryDirectory } from '../../temporary.ts';

const CLI = resolve(import.meta.dirname, '../../../src/cli.ts');

describe('the command line', () => {
  let api: TestApi;
  let viewer: string;
  let imageId: string;
  const home = temporaryDirectory();
  beforeAll(async () => {
    api = await startApi();
    viewer = await api.newToken('viewer');
    await ProtocolHost.enrol(api);
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    home[Symbol.dispose]();
  });

  const holdfast = (args: string[], environment: Record<string, string> = {}) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      const env = { PATH: process.env.PATH, HOLDFAST_API: api.url, HOLDFAST_TOKEN: api.adminToken };
      const options = { env: { ...env, XDG_CONFIG_HOME: home.path, ...environment } };
      const child = execFile(process.execPath, [CLI, ...args], options, (_, out, err) =>
        done({ code: child.exitCode ?? -1, out, err }),
      );
      child.stdin?.end();
    });

  it('makes, names, shows and deletes', async () => {
    const file = join(home.path, 'vm.json');
    writeFileSync(file, JSON.stringify({ name: 'other', vcpus: 1, memoryMiB: 128, imageId }));
    const made = await holdfast([
      'vm',
      'create',
      '-f',
      file,
      '--name',
      'web-1',
      '--label',
      'team=a',
      '-o',
      'name',
    ]);
    expect(made).toMatchObject({ code: 0, err: '' });
    const [vm] = (await api.request('GET', '/v1/vms?label=team:a')).body.items;
    expect(made.out).toBe(`${vm.id}\n`);
    expect(JSON.parse((await holdfast(['vm', 'get', 'web-1', '-o', 'json'])).out)).toEqual(vm);
    expect((await holdfast(['vm', 'list'])).out).toMatch(/^ID +NAME +PHASE.*\n.*web-1 +stopped/);
    const deleted = await holdfast(['vm', 'delete', 'web-1', '--wait', '-o', 'value:status']);
    expect(deleted).toEqual({ code: 0, out: 'succeeded\n', err: '' });
  });

  it('shows one page or all', async () => {
    for (let index = 0; index < 3; index++) await makeVm(api, imageId, { labels: { list: 'a' } });
    const args = ['vm', 'list', '--label', 'list:a', '--limit', '2', '-o', 'name'];
    const [page, all] = await Promise.all([holdfast(args), holdfast([...args, '--all'])]);
    expect([page.out, all.out].map((text) => text.trim().split('\n').length)).toEqual([2, 3]);
    expect(page.err).toContain('There are more: --all');
  });

  it('ends with a code that says what was wrong', async () => {
    const waiting = await makeVm(api, imageId, { name: 'waiting' });
    const started = ['vm', 'start', 'waiting'];
    expect(await holdfast([...started, '--wait', '--wait-timeout', '0'])).toMatchObject({
      ...{ code: 6, err: expect.stringContaining('start is still') },
    });
    const cases: [string[], Record<string, string>, number, RegExp][] = [
      [started, {}, 1, /OPERATION_IN_PROGRESS|VM_ALREADY_RUNNING/],
      [['vm', 'fly'], {}, 2, /vm has no "fly", only list/],
      [['vm', 'start'], {}, 2, /say which vm/],
      [['nothing'], {}, 2, /there is no command "nothing"/],
      [['vm', 'create', '--name', 'x'], { HOLDFAST_TOKEN: '' }, 2, /there is no token/],
      [['vm', 'start', 'nobody'], {}, 3, /there is no vm "nobody"/],
      [['image', 'get', waiting.id], {}, 3, /IMAGE_NOT_FOUND.*\(request /],
      [['token', 'list'], { HOLDFAST_TOKEN: viewer }, 4, /FORBIDDEN/],
      [['vm', 'list'], { HOLDFAST_TOKEN: 'hft_nobody_knows_this_one' }, 4, /UNAUTHENTICATED/],
      [['vm', 'create', '--name', '-'], {}, 1, /VALIDATION_FAILED.*\n {2}\/name/],
      [['vm', 'list'], { HOLDFAST_API: 'http://127.0.0.1:1' }, 5, /cannot be reached/],
    ];
    const ends = await Promise.all(cases.map(([args, environment]) => holdfast(args, environment)));
    for (const [index, [args, , code, message]] of cases.entries()) {
      expect.soft(ends[index], args.join(' ')).toMatchObject({ code, out: '' });
      expect.soft(ends[index]?.err, args.join(' ')).toMatch(message);
    }
  });
});
