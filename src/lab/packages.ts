/**
 * Fetches Debian packages for any architecture with apt's own verification and without touching the machine's apt
 * state: every suite and architecture gets a private apt `Dir` in the cache whose only source is signed by the
 * Debian archive keyring. A `.deb` is kept under its own file name, which carries its version.
 */
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { debianMirrors } from './mirror.ts';
import { buildOnce, exists, labCache, type Progress, silent } from './paths.ts';
import { run } from './run.ts';

export type DebianArchitecture = 'amd64' | 'arm64';

/** Debian's name of the architecture this process runs on. */
export function machineArchitecture(): DebianArchitecture {
  if (process.arch === 'x64') return 'amd64';
  if (process.arch === 'arm64') return 'arm64';
  throw new Error(`The lab runs on x86-64 and arm64 machines, not on ${process.arch}.`);
}

const keyrings = ['gpg', 'pgp'].map((kind) => `/usr/share/keyrings/debian-archive-keyring.${kind}`);

async function archiveKeyring(): Promise<string> {
  for (const path of keyrings) if (await exists(path)) return path;
  throw new Error('The Debian archive keyring is missing: install the package debian-archive-keyring.');
}

/** How the machine reaches its mirrors (proxies, certificates, clock checks), as `apt-config` prints it. */
async function machineAcquireSettings(): Promise<string> {
  const dump = await run('apt-config', ['dump']);
  return dump
    .split('\n')
    .filter(
      (line) => /^Acquire::/.test(line) && !/^Acquire::(IndexTargets|Languages|CompressionTypes)/.test(line),
    )
    .join('\n');
}

/** One Debian suite for one architecture, seen through a private apt directory. */
export class AptSuite {
  readonly suite: string;
  readonly architecture: DebianArchitecture;
  readonly #root: string;
  readonly #progress: Progress;
  #updated = false;

  constructor(suite: string, architecture: DebianArchitecture, progress: Progress = silent) {
    this.suite = suite;
    this.architecture = architecture;
    this.#root = join(labCache, 'apt', `${suite}-${architecture}`);
    this.#progress = progress;
  }

  /** The newest version in this suite and the names in its `Depends`, first alternatives only. */
  async show(name: string): Promise<{ version: string; depends: string[] }> {
    await this.#update();
    const text = await this.#apt('apt-cache', ['show', '--no-all-versions', name]);
    const field = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    const depends = field('Depends')
      .split(',')
      .map((alternatives) => alternatives.trim().split(/[\s|(:]/)[0] ?? '')
      .filter((dependency) => dependency !== '');
    return { version: field('Version'), depends };
  }

  /** Downloads exactly these packages. @returns the paths of the `.deb` files. */
  async download(names: readonly string[]): Promise<string[]> {
    await this.#update();
    return await this.#fetch(names, async (directory) => {
      await this.#apt('apt-get', ['-q', 'download', ...names], directory);
    });
  }

  /** Downloads a package with everything it depends on, down to the C library. @returns the paths of the `.deb` files. */
  async downloadClosure(name: string): Promise<string[]> {
    await this.#update();
    return await this.#fetch([name], async (directory) => {
      await mkdir(join(directory, 'partial'));
      const install = ['-q', '-y', '--no-install-recommends', '--download-only', 'install', name];
      await this.#apt('apt-get', ['-o', `Dir::Cache::archives=${directory}`, ...install]);
    });
  }

  async #fetch(names: readonly string[], fill: (directory: string) => Promise<void>): Promise<string[]> {
    this.#progress(`fetching ${names.join(', ')} (${this.suite}, ${this.architecture})`);
    const store = join(labCache, 'debs');
    await mkdir(store, { recursive: true });
    const scratch = await mkdtemp(join(store, 'part-'));
    try {
      await fill(scratch);
      const files: string[] = [];
      for (const name of await readdir(scratch)) {
        if (!name.endsWith('.deb')) continue;
        await rename(join(scratch, name), join(store, name));
        files.push(join(store, name));
      }
      return files.sort();
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  /** Reads the suite's signed index, from the first mirror that has it. */
  async #update(): Promise<void> {
    if (this.#updated) return;
    for (const part of [
      'state/lists/partial',
      'cache/archives/partial',
      'etc/apt.conf.d',
      'etc/preferences.d',
    ]) {
      await mkdir(join(this.#root, part), { recursive: true });
    }
    await writeFile(join(this.#root, 'state/status'), '');
    await writeFile(join(this.#root, 'apt.conf'), await this.#configuration());
    this.#progress(`reading the package index of ${this.suite} (${this.architecture})`);
    const keyring = await archiveKeyring();
    const failures: string[] = [];
    for (const mirror of await debianMirrors()) {
      await writeFile(
        join(this.#root, 'etc/sources.list'),
        `deb [arch=${this.architecture} signed-by=${keyring}] ${mirror} ${this.suite} main\n`,
      );
      try {
        await this.#apt('apt-get', ['-q', 'update', '-o', 'APT::Update::Error-Mode=any']);
        this.#updated = true;
        return;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new Error(
      `The Debian mirror does not give ${this.suite}: check the network, or name another mirror in ` +
        `HOLDFAST_DEBIAN_MIRROR, or one of old releases in HOLDFAST_DEBIAN_ARCHIVE.\n${failures.join('\n')}`,
    );
  }

  async #configuration(): Promise<string> {
    return [
      await machineAcquireSettings(),
      `Dir "${this.#root}";`,
      `Dir::State "${this.#root}/state";`,
      `Dir::State::status "${this.#root}/state/status";`,
      `Dir::Cache "${this.#root}/cache";`,
      // It would only save parsing one index again.
      'Dir::Cache::srcpkgcache "";',
      `Dir::Etc "${this.#root}/etc";`,
      // Credentials for a private mirror stay where the machine keeps them.
      'Dir::Etc::netrc "/etc/apt/auth.conf";',
      'Dir::Etc::netrcparts "/etc/apt/auth.conf.d";',
      `APT::Architecture "${this.architecture}";`,
      `APT::Architectures { "${this.architecture}"; };`,
      // The user `_apt` cannot reach a cache in somebody's home directory; signatures are checked all the same.
      'APT::Sandbox::User "root";',
      'Acquire::Languages "none";',
      '',
    ].join('\n');
  }

  /** Runs an apt program on the private directory, one at a time for all processes that share the cache. */
  async #apt(program: string, args: readonly string[], cwd = this.#root): Promise<string> {
    return await run('flock', [join(this.#root, 'lock'), program, ...args], {
      cwd,
      env: { ...process.env, APT_CONFIG: join(this.#root, 'apt.conf'), LC_ALL: 'C' },
    });
  }
}

/** Unpacks packages' files over each other into one directory, as dpkg would, without running any script. */
export async function unpackPackages(target: string, debs: readonly string[]): Promise<string> {
  return await buildOnce(target, async (directory) => {
    await mkdir(directory);
    for (const deb of debs) {
      await run('dpkg-deb', ['-x', deb, directory], { missing: 'the lab needs a Debian machine' });
    }
  });
}

/** The version inside a `.deb` file name (`name_version_arch.deb`), with apt's escape of `:` undone. */
export function versionOfDeb(path: string): string {
  return decodeURIComponent(basename(path).split('_')[1] ?? '');
}
