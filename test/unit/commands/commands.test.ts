import { describe, expect, it } from 'vitest';
import { type Command, kebab, readCommands } from '../../../src/commands/contract.ts';
import { flagsOf, parseFlags } from '../../../src/commands/flags.ts';
import { commandHelp, overview, resourceHelp } from '../../../src/commands/help.ts';
import { format, parseOutput } from '../../../src/commands/output.ts';

const commands = readCommands();

function named(resource: string, verb: string): Command {
  const found = commands.all.find((command) => command.resource === resource && command.verb === verb);
  if (found === undefined) throw new Error(`There is no ${resource} ${verb}`);
  return found;
}

const given = (resource: string, verb: string, ...args: string[]) =>
  parseFlags(args, flagsOf(named(resource, verb), commands.schemas), commands.schemas);

describe('the commands', () => {
  it('are one for each operation of a client, and no two have a name', () => {
    const names = commands.all.map(({ resource, verb }) => `${resource} ${verb}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        ...[
          'vm list',
          'vm create',
          'vm start',
          'vm hibernate',
          'vm explain-psci',
          'snapshot create',
          'host drain',
        ],
        ...['policy create', 'rollout roll-back', 'fleet get-summary', 'token create', 'psci diff-versions'],
      ]),
    );
    for (const name of names) expect.soft(name).toMatch(/^[a-z-]+ [a-z-]+$/);
  });

  it('explain themselves, each on lines that fit', () => {
    const texts = commands.all.map((command) => commandHelp(command, commands));
    const all = [...texts, overview(commands), resourceHelp('vm', commands)].join('\n').split('\n');
    expect(all.filter((line) => line.length > 125 && !/^ {2}--|^ {2}[a-z-]+ {2}/.test(line))).toEqual([]);
    expect(commandHelp(named('vm', 'create'), commands)).toContain('--memory-mib N');
    expect(commandHelp(named('snapshot', 'delete'), commands)).toContain(
      'snapshot delete VM SNAPSHOT [flags]',
    );
  });

  it('have no flag twice, and none of the common ones', () => {
    for (const command of commands.all) {
      const names = flagsOf(command, commands.schemas).map(({ name }) => name);
      expect.soft(new Set(names).size, `${command.resource} ${command.verb}`).toBe(names.length);
      for (const name of ['api', 'token', 'output', 'wait', 'all', 'file', 'help'])
        expect.soft(names, `${command.resource} ${command.verb}`).not.toContain(name);
    }
  });
});

describe('flags', () => {
  it('make a body', () => {
    const { body, positionals } = given(
      ...(['vm', 'create', '--name', 'web-1', '--vcpus', '2', '--memory-mib', '256'] as const),
      ...['--label', 'team=a', '--label', 'zone=b=c', '--psci.policy', 'pinned', '--psci.version', '1.3'],
      ...['--disk', 'name=root,sizeMiB=512,readOnly=true', '--disk', '{"name":"data","sizeMiB":64}'],
      ...['--on-guest.crash', 'restart', '--vsock'],
    );
    expect(positionals).toEqual([]);
    expect(body).toEqual({
      ...{ name: 'web-1', vcpus: 2, memoryMiB: 256, labels: { team: 'a', zone: 'b=c' }, vsock: true },
      psci: { policy: 'pinned', version: '1.3' },
      disks: [
        { name: 'root', sizeMiB: 512, readOnly: true },
        { name: 'data', sizeMiB: 64 },
      ],
      onGuest: { crash: 'restart' },
    });
  });

  it('make a query and headers', () => {
    const list = given(
      'vm',
      'list',
      '--label',
      'team=a',
      '--label',
      'zone:b',
      '--limit',
      '5',
      '--psci-version',
      '1.3',
    );
    expect(list.query).toEqual(
      expect.arrayContaining([
        ['label', 'zone:b'],
        ['limit', '5'],
        ['psciVersion', '1.3'],
      ]),
    );
    const update = given(
      'vm',
      'update',
      'web-1',
      '--if-match',
      '"3"',
      '--force',
      '--label',
      'team=',
      '--cmdline',
      'null',
    );
    expect(update).toMatchObject({
      ...{ positionals: ['web-1'], headers: { 'if-match': '"3"' }, query: [['force', 'true']] },
      body: { labels: { team: null }, cmdline: null },
    });
  });

  it.each([
    [['vm', 'create', '--colour', 'red'], /Unknown option '--colour'/],
    [['vm', 'create', '--vcpus', 'two'], /--vcpus takes a number, not "two"/],
    [['vm', 'create', '--label', 'team'], /--label takes key=value/],
    [['vm', 'create', '--disk', 'size=5'], /--disk knows name, sizeMiB, readOnly, not "size"/],
    [['rollout', 'create', '--to', 'latest'], /--to takes JSON/],
  ])('refuse %j', ([resource = '', verb = '', ...args], message) => {
    expect(() => given(resource, verb, ...args)).toThrow(message);
  });

  it('are named in lower case', () => {
    expect(['memoryMiB', 'timeoutSeconds', 'psciVersion', 'if-match'].map(kebab)).toEqual([
      ...['memory-mib', 'timeout-seconds', 'psci-version', 'if-match'],
    ]);
  });
});

describe('output', () => {
  const vm = {
    id: '1',
    name: 'web-1',
    phase: 'running',
    psci: { effective: '1.3', source: 'vm' },
    labels: {},
  };

  it('is a table of a list, and lines of one resource', () => {
    expect(format({ items: [vm], nextPageToken: null }, 'table', 'vm').split('\n')).toEqual([
      'ID  NAME   PHASE    PSCI EFFECTIVE  PSCI SOURCE',
      '1   web-1  running  1.3             vm',
      '',
    ]);
    expect(format(vm, 'table', 'vm')).toContain('psci.effective:  1.3\n');
    expect(format({ items: [] }, 'table', 'vm')).toBe('There are none.\n');
  });

  it('is for programs too', () => {
    expect(JSON.parse(format(vm, 'json', 'vm'))).toEqual(vm);
    expect(format({ items: [vm, vm] }, 'name', 'vm')).toBe('1\n1\n');
    expect(format(vm, parseOutput('value:psci.effective'), 'vm')).toBe('1.3\n');
    expect(() => parseOutput('xml')).toThrow(/table, json, name or value:MEMBER/);
  });

  it('gives a terminal nothing to obey', () => {
    const hostile = { ...vm, name: 'a\u001b[2Jb\nc' };
    expect(format({ items: [hostile] }, 'table', 'vm')).toContain('a [2Jb c');
  });
});
