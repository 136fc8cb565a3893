import { readFileSync } from 'node:fs';
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

  it('are those of mappings that nobody wrote to', () => {
    const entry = (range: string, access: string, path: string, dirty: number): string =>
      `${range} ${access} 00000000 fe:00 42   ${path}\nRss:   100 kB\nPrivate_Dirty:   ${dirty} kB\nVmFlags: rd\n`;
    const smaps = [
      entry('400000-500000', 'r--p', '/n', 0),
      entry('500000-900000', 'r-xp', '/n', 0),
      entry('900000-901000', 'r--p', '/n', 4),
      entry('901000-902000', 'rw-p', '/n', 0),
      entry('a00000-b00000', 'r-xp', '/lib/n', 0),
      entry('b00000-c00000', 'rw-p', '', 0),
    ].join('');
    expect(programMappings(smaps, '/n')).toEqual([
      { start: 0x40_0000, length: 0x10_0000 },
      { start: 0x50_0000, length: 0x40_0000 },
    ]);
  });
});
