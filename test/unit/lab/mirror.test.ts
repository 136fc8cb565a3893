import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseMirror, debianMirror, parseDeb822Sources, parseSourcesList } from '../../../src/lab/mirror.ts';

describe('parseSourcesList', () => {
  it('reads deb lines with and without options and ignores the rest', () => {
    const text = [
      '# deb http://mirror.example/commented bookworm main',
      'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # why',
      'deb-src http://mirror.example/debian bookworm main',
      '',
      'deb   file:/srv/debian   trixie/updates   main',
    ].join('\n');
    expect(parseSourcesList(text)).toEqual([
      { uri: 'http://mirror.example/debian', suites: ['bookworm'], components: ['main', 'contrib'] },
      { uri: 'file:/srv/debian', suites: ['trixie/updates'], components: ['main'] },
    ]);
  });
});

describe('parseDeb822Sources', () => {
  it('reads stanzas with comments, continued fields and several addresses, but no disabled one', () => {
    const text = [
      'Types: deb deb-src',
      '# a comment between fields',
      'URIs: http://one.example/debian',
      '  http://two.example/debian',
      'Suites: trixie trixie-updates',
      'Components: main',
      '',
      'Enabled: no',
      'Types: deb',
      'URIs: http://off.example/debian',
      'Suites: trixie',
      'Components: main',
      '',
      'Types: deb-src',
      'URIs: http://source.example/debian',
      'Suites: trixie',
      'Components: main',
    ].join('\n');
    expect(parseDeb822Sources(text)).toEqual([
      { uri: 'http://one.example/debian', suites: ['trixie', 'trixie-updates'], components: ['main'] },
      { uri: 'http://two.example/debian', suites: ['trixie', 'trixie-updates'], components: ['main'] },
    ]);
  });
});

describe('chooseMirror', () => {
  it('takes a mirror of a Debian release, not a security archive or somebody else’s packages', () => {
    const mirror = chooseMirror([
      { uri: 'http://packages.example/tool', suites: ['nodistro'], components: ['main'] },
      { uri: 'http://security.example/debian-security', suites: ['trixie-security'], components: ['main'] },
      { uri: 'http://mirror.example/debian', suites: ['trixie', 'trixie-updates'], components: ['main'] },
    ]);
    expect(mirror).toBe('http://mirror.example/debian');
  });

  it('finds none on another distribution', () => {
    expect(
      chooseMirror([{ uri: 'http://a.example/ubuntu', suites: ['noble'], components: ['main'] }]),
    ).toBeUndefined();
  });
});

describe('debianMirror', () => {
  let etc: string;
  beforeEach(async () => {
    etc = await mkdtemp(join(tmpdir(), 'apt-'));
    await mkdir(join(etc, 'sources.list.d'));
  });
  afterEach(async () => {
    await rm(etc, { recursive: true });
  });

  it('reads the machine’s files, and only those apt would read', async () => {
    const parts = join(etc, 'sources.list.d');
    await writeFile(
      join(parts, 'old.sources.disabled'),
      'Types: deb\nURIs: http://x.example\nSuites: sid\nComponents: main\n',
    );
    await writeFile(
      join(parts, 'debian.sources'),
      'Types: deb\nURIs: mirror+file:/etc/apt/mirrors/debian.list\nSuites: bookworm\nComponents: main\n',
    );
    expect(await debianMirror(etc, {})).toBe('mirror+file:/etc/apt/mirrors/debian.list');
  });

  it('lets the environment decide', async () => {
    expect(await debianMirror(etc, { HOLDFAST_DEBIAN_MIRROR: 'http://given.example/debian' })).toBe(
      'http://given.example/debian',
    );
  });

  it('says what to do when there is none', async () => {
    await expect(debianMirror(etc, {})).rejects.toThrow('set HOLDFAST_DEBIAN_MIRROR');
  });
});
