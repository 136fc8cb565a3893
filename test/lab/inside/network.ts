/**
 * Scenarios of network interfaces and vsock, run inside a lab host: `node network.ts NAME` prints what was seen, and
 * test/lab/network.test.ts says what is right.
 */
import { execFileSync } from 'node:child_process';
import { Guest, usage } from './guest.ts';
import { report } from './report.ts';

const BRIDGE = 'hf-test';

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Taps on one bridge, as the agent makes them for a network. */
function makeTaps(count: number): string[] {
  const taps = Array.from({ length: count }, (_, i) => `hf-test${i}`);
  ip('link', 'add', BRIDGE, 'type', 'bridge');
  ip('link', 'set', BRIDGE, 'up');
  for (const tap of taps) {
    ip('tuntap', 'add', tap, 'mode', 'tap');
    ip('link', 'set', tap, 'master', BRIDGE, 'up');
  }
  return taps;
}

function removeTaps(taps: readonly string[]): void {
  for (const tap of taps) ip('link', 'delete', tap);
  ip('link', 'delete', BRIDGE);
}

/** Two guests with one interface each. */
async function pair(
  vhost: 'auto' | 'off',
  use: (guests: [Guest, Guest]) => Promise<unknown>,
): Promise<unknown> {
  const taps = makeTaps(2);
  try {
    const make = async (n: number): Promise<Guest> =>
      await Guest.make({
        vcpus: 1,
        memoryMiB: 256,
        nics: [{ name: 'lan', mac: `02:00:00:00:00:0${n}`, tap: taps[n - 1] ?? '', vhost }],
      });
    await using one = await make(1);
    await using two = await make(2);
    for (const guest of [one, two]) guest.machine.run();
    for (const [i, guest] of [one, two].entries()) {
      await guest.ready();
      await guest.shell(
        `ip addr add 10.9.0.${i + 1}/24 dev eth0; ip link set eth0 up; echo up $((1 + 1))`,
        /up 2/,
      );
    }
    return await use([one, two]);
  } finally {
    removeTaps(taps);
  }
}

const scenarios: Readonly<Record<string, (...values: string[]) => Promise<unknown>>> = {
  async transfer(vhost = '', mebibytesText = '') {
    const before = usage();
    const found = await pair(vhost === 'off' ? 'off' : 'auto', async ([one, two]) => {
      const ping = await two.shell('ping -c 3 -W 5 10.9.0.1; echo pinged $?', /pinged \d/);
      const blocks = Number(mebibytesText);
      await one.shell('head -c 1048576 /dev/urandom >/run/block; echo made $?', /made 0/);
      const started = performance.now();
      const send = `i=0; while [ $i -lt ${blocks} ]; do cat /run/block; i=$((i+1)); done`;
      one.machine.writeConsole(Buffer.from(`(${send}) | nc -l -p 5000 & (${send}) | md5sum\n`));
      const got = await two.shell('sleep 1; nc 10.9.0.1 5000 | md5sum; echo got $?', /got \d/);
      const seconds = (performance.now() - started) / 1000;
      await one.shows(/[0-9a-f]{32} {2}-/);
      return { ping, got, sent: one.console.slice(-400), seconds, threads: usage().threads };
    });
    return { found, before, after: usage() };
  },
};

const [name = '', ...values] = process.argv.slice(2);
const scenario = scenarios[name];
if (scenario === undefined)
  throw new Error(`There is no scenario ${name}; ${Object.keys(scenarios).join(', ')}.`);
report(await scenario(...values));
