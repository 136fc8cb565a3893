import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isDatabaseUnavailable } from '../../../../src/control/database/database.ts';

describe('isDatabaseUnavailable', () => {
  it.each<[string, unknown]>([
    ['a server that is shut down', Object.assign(new Error('terminating connection'), { code: '57P01' })],
    [
      'a server that starts',
      Object.assign(new Error('the database system is starting up'), { code: '57P03' }),
    ],
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a pool that is exhausted', new Error('timeout exceeded when trying to connect')],
    ['a server that hangs', new Error('Query read timeout')],
    ["Prisma's word for it", Object.assign(new Error('x'), { code: 'P1001' })],
    ["an adapter's word for it", new Error('x', { cause: { kind: 'DatabaseNotReachable' } })],
    [
      'what an adapter wraps in its metadata',
      Object.assign(new Error('x'), { meta: { driverAdapterError: { cause: { originalCode: '08006' } } } }),
    ],
  ])('is true of %s', (_, error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it('is true of a socket that is not there, and not of a file that is not there', async () => {
    const socketError = await new Promise((done) => connect('/nowhere/.s.PGSQL.5432').once('error', done));
    expect(isDatabaseUnavailable(socketError)).toBe(true);
    const fileError = await readFile('/nowhere/file').catch((error: unknown) => error);
    expect(isDatabaseUnavailable(fileError)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['a unique violation', Object.assign(new Error('x'), { code: 'P2002' })],
    ['a syntax error', Object.assign(new Error('x'), { code: '42601' })],
    ['a defect', new TypeError('x is not a function')],
    ['nothing', null],
    ['text', 'ECONNREFUSED'],
  ])('is false of %s', (_, error) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});
