import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig as readAgentConfig, readArguments } from '../../../src/agent/config.ts';
import { readConfig as readApiConfig } from '../../../src/api/config.ts';
import { main } from '../../../src/config/check.ts';
import { readConfigFile } from '../../../src/config/file.ts';
import { temporaryDirectory } from '../../temporary.ts';

const { path: directory, [Symbol.dispose]: remove } = temporaryDirectory();
afterAll(remove);

function fileOf(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const WHOLE = `
api:
  port: 9090
  dataDirectory: data
  databaseUrl: postgres://holdfast:hidden@db.example/holdfast
agent:
  api: https://holdfast.example/
  labels: { zone: b }
  vcpuOvercommit: 2.5
`;

describe('a configuration file', () => {
  it('gives what neither a flag nor the environment says, with paths beside it', async () => {
    const file = await readConfigFile(fileOf('holdfast.yaml', WHOLE));
    expect(readApiConfig({ HOLDFAST_PORT: '7000', HOLDFAST_BIND: '' }, file)).toMatchObject({
      port: 7000,
      bind: '127.0.0.1',
      dataDirectory: join(directory, 'data'),
      databaseUrl: 'postgres://holdfast:hidden@db.example/holdfast',
    });
    const args = readArguments(['--label', 'rack=7,8', '--label', 'row=1', '--name', 'h']);
    expect(readAgentConfig(args, {}, file)).toMatchObject({
      api: 'https://holdfast.example',
      labels: { rack: '7,8', row: '1' },
      vcpuOvercommit: 2.5,
    });
    const env = { HOLDFAST_LABELS: 'rack=7,row=1' };
    expect(readAgentConfig(readArguments(['--name', 'h']), env, file).labels).toEqual({
      rack: '7',
      row: '1',
    });
  });

  it('may be JSON', async () => {
    const file = await readConfigFile(fileOf('holdfast.json', '{"api":{"leaseSeconds":60}}'));
    expect(readApiConfig({}, file).leaseSeconds).toBe(60);
  });

  it.each([
    ['api: { prot: 1 }', 'api.prot in '],
    ['api: { port: "80" }', 'api.port="80" in '],
    ['api: { port: 80.5 }', 'must be a whole number from 0 to 65535'],
    ['agent: { api: http://x, name: h, labels: { "": a } }', 'must have keys like "zone"'],
    ['agent: { api: http://x, name: h, labels: [a] }', 'must be an object of labels'],
    ['agent: { name: h }', '--api or HOLDFAST_API or agent.api in '],
  ])('with %s is refused by name and place', async (content, complaint) => {
    const file = await readConfigFile(fileOf('wrong.yaml', content));
    const read = () =>
      content.startsWith('api') ? readApiConfig({}, file) : readAgentConfig(readArguments([]), {}, file);
    expect(read).toThrow(complaint);
  });

  it.each([
    ['ap: {}', '"ap"'],
    ['[]', 'must hold an object'],
    ['api: 5', '"api" in'],
    ['api: { port: 1, port: 2 }', 'cannot understand'],
    ['api: {', 'cannot understand'],
  ])('that is %s is refused', async (content, complaint) => {
    await expect(readConfigFile(fileOf('broken.yaml', content))).rejects.toThrow(complaint);
  });

  it('that is not there is refused', async () => {
    await expect(readConfigFile(join(directory, 'none.yaml'))).rejects.toThrow('cannot read');
  });
});

describe('holdfast config check', () => {
  async function check(args: string[], env: NodeJS.ProcessEnv = {}) {
    const said = { stdout: '', stderr: '' };
    const into = (stream: 'stdout' | 'stderr') => ({
      write: (text: string) => {
        said[stream] += text;
      },
    });
    const code = await main(args, env, { stdout: into('stdout'), stderr: into('stderr') });
    return { code, ...said };
  }

  it('says what every setting is and where it is from, and shows no secret', async () => {
    const path = fileOf('fleet.yaml', WHOLE);
    const { code, stdout, stderr } = await check(['check', '--config', path], { HOLDFAST_NAME: 'h' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^api.port +9090 +${path}$`, 'm'));
    expect(stdout).toMatch(/^api.bind +127.0.0.1 +default$/m);
    expect(stdout).toMatch(/^agent.name +h +HOLDFAST_NAME$/m);
    expect(stdout).toMatch(/^agent.labels +{"zone":"b"} /m);
    expect(stdout).toMatch(/^api.databaseUrl +\(secret\) /m);
    expect(stdout).not.toContain('hidden');
  });

  it('takes the file from the environment, and the program from the command line', async () => {
    const HOLDFAST_CONFIG = fileOf('fleet.yaml', WHOLE);
    const { code, stdout } = await check(['check', 'api'], { HOLDFAST_CONFIG });
    expect(code).toBe(0);
    expect(stdout).not.toContain('agent.');
  });

  it('says all that is wrong and fails', async () => {
    const env = { HOLDFAST_PORT: 'x', HOLDFAST_LOG_LEVEL: 'loud' };
    const { code, stderr } = await check(['check'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/HOLDFAST_PORT="x"[\s\S]*HOLDFAST_LOG_LEVEL="loud"/);
    const short = await check(['check'], { HOLDFAST_LEASE_SECONDS: '5', HOLDFAST_HEARTBEAT_SECONDS: '4' });
    expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining('at least twice') });
  });

  it('tells of variables that nothing reads', async () => {
    const { code, stderr } = await check(['check'], { HOLDFAST_PROT: '1', HOLDFAST_CACHE: '/tmp' });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'holdfast config: HOLDFAST_PROT is set and is no setting of Holdfast\n',
    });
  });

  it.each([[[]], [['chek']], [['check', 'web']], [['check', '--file', 'x']]])('refuses %j', async (args) => {
    expect((await check(args)).code).toBe(2);
  });
});
