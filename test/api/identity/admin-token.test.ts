import { describe, expect, it } from 'vitest';
import { main } from '../../../src/api/admin-token.ts';
import { startApi } from '../../support/api.ts';

async function run(args: string[], env: NodeJS.ProcessEnv) {
  const said = { stdout: '', stderr: '' };
  const into = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      said[stream] += text;
    },
  });
  const code = await main(args, env, { stdout: into('stdout'), stderr: into('stderr') });
  return { code, ...said };
}

describe('holdfast admin-token', () => {
  it('makes a token that the API on that database takes, for a while', async () => {
    await using api = await startApi();
    const before = Date.now();
    const { code, stdout, stderr } = await run(['--hours', '2', '--name', 'mend'], {
      DATABASE_URL: api.postgres.url,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { body } = await api.request('GET', '/v1/whoami', { token: stdout.trim() });
    expect(body).toMatchObject({ name: 'mend', role: 'admin' });
    const left = Date.parse(body.expiresAt) - before;
    expect(left).toBeGreaterThanOrEqual(2 * 3_600_000);
  });

  it.each([
    [[], {}, 2, 'set DATABASE_URL'],
    [['--hours', '0'], { DATABASE_URL: 'postgres://x@127.0.0.1:1/none' }, 2, '--hours must be'],
    [['--color'], {}, 2, "Unknown option '--color'"],
    [[], { DATABASE_URL: 'postgres://x:hidden@127.0.0.1:1/none' }, 1, "Can't reach database server"],
  ])('refuses %j with %j', async (args, env, code, complaint) => {
    const answer = await run(args, env);
    expect(answer).toMatchObject({ code, stdout: '' });
    expect(answer.stderr).toContain(complaint);
    expect(answer.stderr).not.toContain('hidden');
  });
});
