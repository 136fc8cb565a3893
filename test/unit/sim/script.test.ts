import { describe, expect, it } from 'vitest';
import { parseScript } from '../../../src/sim/script.ts';

describe('the script of a simulated guest', () => {
  it('is empty for a command line that says nothing', () => {
    expect(parseScript('console=ttyS0 quiet', '1.1')).toEqual({
      bootMilliseconds: 0,
      failure: null,
      deeds: [],
      deaf: false,
    });
  });

  it('says what it does, when, and how it boots', () => {
    expect(parseScript('sim.boot-ms=250 sim.deaf sim.poweroff-after=1.5 sim.reset-after=0', '1.1')).toEqual({
      bootMilliseconds: 250,
      failure: null,
      deeds: [
        { deed: 'poweroff', afterMilliseconds: 1_500 },
        { deed: 'reset', afterMilliseconds: 0 },
      ],
      deaf: true,
    });
    expect(parseScript('sim.fail=KERNEL_INVALID', '1.1').failure).toBe('KERNEL_INVALID');
  });

  it('may be meant for some pins alone', () => {
    const cmdline = 'sim.crash-after=0@1.1,1.3';
    expect(parseScript(cmdline, '1.1').deeds).toEqual([{ deed: 'crash', afterMilliseconds: 0 }]);
    expect(parseScript(cmdline, '1.3').deeds).toHaveLength(1);
    expect(parseScript(cmdline, '1.0').deeds).toEqual([]);
  });

  it.each(['sim.crash', 'sim.crash-after=', 'sim.crash-after=-1', 'sim.sleep', 'sim.fail=x', 'sim.deaf@2.0'])(
    'refuses %s',
    (word) => {
      expect(() => parseScript(`quiet ${word}`, '1.1')).toThrow(`does not understand "${word}"`);
    },
  );
});
