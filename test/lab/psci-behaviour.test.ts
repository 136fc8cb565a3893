/** The behaviour table against the KVM of each kernel: what a guest is really answered. */
import { expect, it } from 'vitest';
import { type Answer, answerAt, BEHAVIOUR } from '../../src/psci/behaviour.ts';
import type { PsciVersion } from '../../src/psci/versions.ts';
import { FLEET_KERNELS, fleet } from '../support/fleet.ts';
import type { Measured } from './inside/psci-behaviour.ts';

/** Ways of calling that do not come back. */
const NOT_MEASURED = ['CPU_SUSPEND ', 'CPU_OFF '];
/** KVM has a system suspend since Linux 5.19. */
const SUSPEND = [
  'PSCI_FEATURES of SYSTEM_SUSPEND, with KVM_CAP_ARM_SYSTEM_SUSPEND',
  'SYSTEM_SUSPEND with KVM_CAP_ARM_SYSTEM_SUSPEND',
];
/** KVM_SYSTEM_EVENT_*. */
const EVENTS = { SHUTDOWN: 1, RESET: 2, SUSPEND: 5 } as const;

function asMeasured(answer: Answer): Measured['answer'] {
  switch (answer.does) {
    case 'return':
      return answer.value;
    case 'exit':
      return { event: EVENTS[answer.event], flagged: answer.flagged };
    case 'act':
      // Of these only CPU_ON is measured, which then returns SUCCESS.
      return 0;
  }
}

it.each(FLEET_KERNELS)('KVM of Linux %s answers as the table says', async (kernel) => {
  const { lab } = (await fleet()).emulated(kernel);
  const { code, stdout, stderr } = await lab.exec(['node', 'test/lab/inside/psci-behaviour.ts'], {
    timeoutMs: 60_000,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const found = JSON.parse(stdout) as Record<PsciVersion, Measured[]>;
  expect(Object.keys(found).length).toBeGreaterThanOrEqual(3);
  for (const [version, measured] of Object.entries(found) as [PsciVersion, Measured[]][]) {
    const rows = measured.map(({ function: name, when }) => {
      const row = BEHAVIOUR.find((candidate) => candidate.function === name && candidate.when === when);
      if (row === undefined) throw new Error(`the table has no ${name} ${when}`);
      return row;
    });
    const expected = rows.map((row) => ({
      function: row.function,
      when: row.when,
      answer: asMeasured(answerAt(row, version)),
    }));
    expect(measured, `at ${version}`).toEqual(expected);
    const missing = BEHAVIOUR.filter((row) => !rows.includes(row)).map(
      (row) => `${row.function} ${row.when}`,
    );
    expect(missing).toEqual(kernel === '5.10' ? [...NOT_MEASURED, ...SUSPEND] : NOT_MEASURED);
  }
});
