import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moduleIndex, moduleNeeds, modulesInOrder } from '../../../src/lab/modules.ts';

/** An object with nothing but its `.modinfo` strings. */
function moduleObject(...strings: string[]): Buffer {
  return Buffer.from(`\x7fELF\0${strings.map((text) => `${text}\0`).join('')}`);
}

describe('moduleNeeds', () => {
  it('reads hard and soft dependencies with names as lsmod prints them', () => {
    const object = moduleObject(
      'license=GPL',
      'depends=net-failover,vhost',
      'softdep=pre: crc32c post: later',
      'name=x',
    );
    expect(moduleNeeds(object)).toEqual({ depends: ['net_failover', 'vhost'], before: ['crc32c'] });
  });

  it('finds nothing in a module that needs nothing', () => {
    expect(moduleNeeds(moduleObject('depends=', 'softdep=post: later'))).toEqual({ depends: [], before: [] });
  });
});

describe('modulesInOrder', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'modules-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function install(path: string, object: Buffer): Promise<void> {
    const file = join(directory, 'kernel', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, object);
  }

  it('puts dependencies first, each once, and takes what has no file for built in', async () => {
    await install('fs/ext4.ko', moduleObject('depends=jbd2,mbcache', 'softdep=pre: crc32c'));
    await install('fs/jbd2.ko', moduleObject('depends=built_in'));
    await install('fs/mbcache.ko.zst', zstdCompressSync(moduleObject('depends=')));
    await install('crypto/crc32c_generic.ko', moduleObject('depends='));
    await install('net/virtio-net.ko', moduleObject('depends=jbd2'));
    const modules = await modulesInOrder(directory, ['ext4', 'virtio_net', 'absent']);
    expect(modules.map((module) => module.name)).toEqual([
      'crc32c_generic',
      'jbd2',
      'mbcache',
      'ext4',
      'virtio_net',
    ]);
    expect(modules[2]?.object.toString('latin1')).toContain('ELF');
  });

  it('tells each module everything that must be loaded before it, once and in order', async () => {
    await install('net/nft_masq.ko', moduleObject('depends=nf_tables,nf_nat'));
    await install('net/nf_nat.ko', moduleObject('depends=nf_conntrack,built_in'));
    await install('net/nf_tables.ko', moduleObject('depends=nfnetlink'));
    await install('net/nfnetlink.ko', moduleObject('depends='));
    await install('net/nf_conntrack.ko', moduleObject('depends=nf_nat,nfnetlink'));
    const modules = await modulesInOrder(directory, ['nf_tables', 'nft_masq']);
    expect(modules.find(({ name }) => name === 'nft_masq')?.dependencies).toEqual([
      ...['nfnetlink', 'nf_tables', 'nf_conntrack', 'nf_nat'],
    ]);
  });
});

describe('moduleIndex', () => {
  it('is what modprobe reads: files with what they need, the first to load last, and aliases', () => {
    const needed = { name: 'stp', object: moduleObject('depends=llc'), dependencies: ['llc'] };
    const object = moduleObject('alias=rtnl-link-bridge', 'depends=stp', 'alias=br-*');
    const bridge = { name: 'bridge', object, dependencies: ['llc', 'stp'] };
    expect(moduleIndex([needed, bridge])).toEqual({
      dep: 'stp.ko: llc.ko\nbridge.ko: stp.ko llc.ko\n',
      alias: 'alias rtnl-link-bridge bridge\nalias br-* bridge\n',
    });
  });
});
