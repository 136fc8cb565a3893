import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { giveBackProgram, programMappings } from '../../../src/kvm/own-code.ts';

/** KiB of Node's program in this process's memory. */
function resident(): number {
  const entries = readFileSync('/proc/self/smaps', 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  return entries
    .filter((entry) => entry.split('\n')[0]?.endsWith(` ${process.execPath}`))
    .reduce((sum, entry) => sum + Number(/^Rss: +(\d+) kB$/m.exec(entry)?.[1]), 0);
}

describe("the program's pages", () => {
  it('are given back, and come again as they are needed', () => {
    // Node runs this very code while its pages go.
    const before = resident();
    giveBackProgram();
    expect(resident()).toBeLessThan(before / 2);
    expect(JSON.parse(JSON.stringify({ still: [6 * 7] }))).toEqual({ still: [42] });
  });

  it('are no others while a frozen copy of the process shares them all', () => {
    // In a process of its own: one that loses a page that it wrote does not live to tell.
    const source = (name: string): string =>
      JSON.stringify(join(import.meta.dirname, '../../../src/kvm', name));
    const program = `
      import { FrozenMemory } from ${source('frozen-memory.ts')};
      import { giveBackProgram } from ${source('own-code.ts')};
      const frozen = FrozenMemory.take();
      giveBackProgram();
      frozen.close();
      console.log(JSON.stringify({ still: 42 }));`;
    const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect({ signal, stdout }).toEqual({ signal: null, stdout: '{"still":42}\n' });
  });

  it('are those of mappings that nobody wrote to', () => {
    const entry = (range: string, access: string, path: string, own = 0, swapped = 0): string =>
      `${range} ${access} 00000000 fe:00 42   ${path}\nRss:   100 kB\nAnonymous:   ${own} kB\n` +
      `Swap:   ${swapped} kB\nVmFlags: rd\n`;
    const smaps = [
      entry('400000-500000', 'r--p', '/n'),
      entry('500000-900000', 'r-xp', '/n'),
      entry('900000-901000', 'r--p', '/n', 4),
      entry('901000-902000', 'r--p', '/n', 0, 4),
      entry('902000-903000', 'rw-p', '/n'),
      entry('a00000-b00000', 'r-xp', '/lib/n'),
      entry('b00000-c00000', 'rw-p', ''),
    ].join('');
    expect(programMappings(smaps, '/n')).toEqual([
      { start: 0x40_0000, length: 0x10_0000 },
      { start: 0x50_0000, length: 0x40_0000 },
    ]);
  });
});
