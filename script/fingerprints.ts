/**
 * What guests are answered differently by the lab's kernels at the same PSCI version, in words.
 *
 *   node script/fingerprints.ts                   of test/fixtures/fingerprints
 *   node script/fingerprints.ts --take [KERNEL]   measures on the lab's hosts first, and writes those files anew
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabHost } from '../src/lab/host.ts';
import type { KernelLabel } from '../src/lab/kernels.ts';
import { allDifferencesFromTable, compareFingerprints, type Fingerprint } from '../src/psci/fingerprint.ts';

const KERNELS: readonly KernelLabel[] = ['5.10', '6.1', '7.3'];
const DIRECTORY = join(import.meta.dirname, '../test/fixtures/fingerprints');
const pathOf = (kernel: string) => join(DIRECTORY, `${kernel}.json`);

async function take(kernel: KernelLabel): Promise<void> {
  await using host = await LabHost.start({ kernel, progress: (line) => console.error(line) });
  const { code, stdout, stderr } = await host.exec(['node', 'src/cli.ts', 'worker', '--fingerprint']);
  if (code !== 0) throw new Error(`the measurement on ${kernel} ended with ${code}: ${stderr}`);
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(pathOf(kernel), `${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);
}

function print(title: string, sentences: readonly string[]): void {
  console.log(`${title}:`);
  for (const sentence of sentences.length > 0 ? sentences : ['no difference']) console.log(`  ${sentence}`);
}

const [option, only] = process.argv.slice(2);
if (option === '--take') {
  for (const kernel of KERNELS.filter((label) => only === undefined || label === only)) await take(kernel);
}
const taken = KERNELS.map((kernel) => {
  return { kernel, fingerprint: JSON.parse(readFileSync(pathOf(kernel), 'utf8')) as Fingerprint };
});
for (const { kernel, fingerprint } of taken) {
  const found = allDifferencesFromTable(fingerprint);
  print(
    `Linux ${kernel} and the behaviour table`,
    found.map(({ words }) => words),
  );
}
for (const [i, before] of taken.entries()) {
  for (const after of taken.slice(i + 1)) {
    const found = compareFingerprints(before.fingerprint, after.fingerprint);
    print(
      `Linux ${before.kernel} and then ${after.kernel}`,
      found.map(({ words }) => words),
    );
  }
}
