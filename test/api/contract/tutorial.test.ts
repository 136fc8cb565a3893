/** docs/tutorial.md as a new user would type it: every command is run, and what it prints is what the page shows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../temporary.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Between the outputs of two blocks. */
const END = '\u001e';

interface Step {
  commands: string;
  /** With `…` for what differs from run to run. */
  shown: string | null;
}

function steps(page: string): Step[] {
  const found: Step[] = [];
  for (const [, language, content = ''] of page.matchAll(/^```(sh|text)\n(.*?)^```$/gms)) {
    if (language === 'sh') found.push({ commands: content, shown: null });
    else Object.assign(found.at(-1) ?? {}, { shown: content.trimEnd() });
  }
  return found;
}

/** What shown lines match: `…` stands for anything, one space for any number of them. */
function pattern(shown: string): RegExp {
  const lines = shown.split('\n').map((line) =>
    line
      .split(/\s*…\s*/)
      .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(/ +/g, ' +'))
      .join('.*'),
  );
  return new RegExp(`^${lines.join('\\n')}$`);
}

/**
 * The printed lines in the order of the shown ones, as far as they match. Rows of a table come in the order of their ids,
 * and things made side by side, as two hosts that enrol, get theirs in either order.
 */
function arranged(printed: string, shown: string): string {
  const [head = '', ...rows] = printed.split('\n');
  const [, ...wanted] = shown.split('\n');
  if (!head.startsWith('ID ')) return printed;
  const first = wanted.flatMap((line) => {
    const at = rows.findIndex((row) => pattern(line).test(row));
    return at < 0 ? [] : rows.splice(at, 1);
  });
  return [head, ...first, ...rows].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the tutorial', () => {
  // Some forty processes, one after the other.
  it('does what it says', { timeout: 900_000 }, async () => {
    const page = readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8');
    const [api, receiver] = [await freePort(), await freePort()];
    const all = steps(page.replaceAll('8080', String(api)).replaceAll('9000', String(receiver)));
    expect(all.length).toBeGreaterThan(12);

    using home = temporaryDirectory();
    const temporary = join(home.path, 'tmp');
    mkdirSync(temporary);
    const script = all.map(({ commands }) => `${commands}\nprintf '%s' '${END}'\n`).join('');
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: ROOT,
      env: {
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        ...{ HOME: home.path, XDG_CONFIG_HOME: home.path, TMPDIR: temporary, NO_COLOR: '1' },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Whatever is left when it fails half way ends with it.
      detached: true,
    });
    const ended = once(shell, 'exit').then(([code]) => {
      if (shell.pid !== undefined) endGroup(shell.pid);
      return code as number | null;
    });
    const [printed, errors] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
    const outputs = printed.split(END);
    for (const [index, { commands, shown }] of all.entries()) {
      if (outputs[index] === undefined || index >= outputs.length - 1)
        throw new Error(`This failed:\n${commands}\n${outputs[index] ?? ''}\n${errors}`);
      if (shown === null) continue;
      expect.soft(arranged(outputs[index].trimEnd(), shown), commands).toMatch(pattern(shown));
    }
    expect(await ended).toBe(0);
  });
});

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
