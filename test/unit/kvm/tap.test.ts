/** Which interfaces are opened at all; the lab opens them. */
import { describe, expect, it } from 'vitest';
import { isInterfaceName, openTap } from '../../../src/kvm/tap.ts';

describe('a tap interface', () => {
  it('has a name that an interface can have', () => {
    const names = [
      'tap0',
      'a-b_c.d',
      'x'.repeat(15),
      '',
      'x'.repeat(16),
      'ü'.repeat(8),
      'a b',
      'a/b',
      'a:b',
      '.',
      '..',
    ];
    expect(names.filter(isInterfaceName)).toEqual(['tap0', 'a-b_c.d', 'x'.repeat(15)]);
  });

  it.each(['no-such-tap', 'lo', '../lo'])('is not made when it does not exist: %s', (name) => {
    expect(() => openTap(name)).toThrow(`there is no tap interface ${name} on this host`);
  });
});
