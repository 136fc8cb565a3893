import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transact } from '../../../src/control/database/transact.ts';
import { hashSecret } from '../../../src/control/identity/tokens.ts';
import { livesSql, newReplicaNumber } from '../../../src/control/jobs/replica.ts';
import { claimKey, purgeKeys, recordEffect, withClaim } from '../../../src/control/operations/idempotency.ts';
import { until } from '../../peer/runs.ts';
import { type Answer, startApi, type TestApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';
import { countRows } from '../../support/rows.ts';

describe('Idempotency-Key', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const create = (key: string, name: string, token?: string): Promise<Answer> =>
    api.request('POST', '/v1/tokens', {
      body: { name, role: 'viewer' },
      headers: { 'idempotency-key': key },
      ...(token === undefined ? {} : { token }),
    });

  it('replays the first answer, with its status and headers', async () => {
    const key = randomUUID();
    const first = await create(key, 'replayed');
    const before = await countRows(api.control);
    const second = await create(key, 'replayed');
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await countRows(api.control)).toEqual(before);
  });

  it('replays a refusal that will not pass', async () => {
    const post = () =>
      api.request('POST', '/v1/tokens', {
        body: { name: 'late', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' },
        headers: { 'idempotency-key': 'refused' },
      });
    const first = await post();
    const second = await post();
    expect(first).toMatchObject({ status: 422, body: { code: 'EXPIRY_IN_PAST' } });
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('content-type')).toBe('application/problem+json');
  });

  it('refuses the key for another body or another path', async () => {
    const key = randomUUID();
    await create(key, 'one');
    const refused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
    expect(await create(key, 'two')).toMatchObject(refused);
    const elsewhere = await api.request('POST', '/v1/images', {
      body: { name: 'one', kernel: `sha256:${'0'.repeat(64)}` },
      headers: { 'idempotency-key': key },
    });
    expect(elsewhere).toMatchObject(refused);
  });

  it('keeps the keys of different tokens apart', async () => {
    const key = randomUUID();
    const other = await api.newToken('admin');
    const [mine, theirs] = [await create(key, 'same'), await create(key, 'same', other)];
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('acts once on what comes many times at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(key, 'parallel')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await api.control.db.token.count({ where: { name: 'parallel' } })).toBe(1);
  });

  it('does not keep a refusal that may pass, nor one of the schema', async () => {
    const cordon = (id: string, ifMatch: string) =>
      api.request('POST', `/v1/hosts/${id}/cordon`, {
        body: {},
        headers: { 'idempotency-key': 'cordon', 'if-match': ifMatch },
      });
    const { host } = await addHost(api.control);
    expect((await cordon(host.id, '"9"')).status).toBe(412);
    expect((await cordon(host.id, '"1"')).status).toBe(200);
    const headers = { 'idempotency-key': 'schema' };
    expect((await api.request('POST', '/v1/tokens', { body: {}, headers })).status).toBe(400);
    expect(
      (await api.request('POST', '/v1/tokens', { body: { name: 'x', role: 'viewer' }, headers })).status,
    ).toBe(201);
  });

  it('stores no secret in the clear', async () => {
    const { body } = await create('secret', 'secret');
    const { rows } = await api.control.pool.query(
      "SELECT headers::text, encode(body, 'escape') AS body FROM idempotency_keys",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(body.token);
  });

  it.each(['', ' ', 'a b', 'x'.repeat(256), 'schlüssel'])('refuses the key %j', async (key) => {
    const headers = { 'idempotency-key': Buffer.from(key, 'utf8').toString('latin1') };
    const answer = await api.request('POST', '/v1/tokens', { body: { name: 'x', role: 'viewer' }, headers });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_HEADER' } });
  });

  describe('when the process dies', () => {
    const secret = 'hft_test';
    const request = hashSecret('POST /v1/things {}');

    async function claimed() {
      const identity = { tokenId: randomUUID(), key: randomUUID(), secret };
      const claim = await claimKey(api.control, identity, request);
      if (!('claimedAt' in claim)) throw new Error('a new key is not answered');
      return { identity, claim };
    }
    const age = (key: string, minutes: number) =>
      api.control.pool.query(
        'UPDATE idempotency_keys SET created_at = created_at - make_interval(mins => $1) WHERE key = $2',
        [minutes, key],
      );

    it('before the effect: the request runs when it comes again, and the first run cannot take effect any more', async () => {
      const { identity, claim } = await claimed();
      await age(identity.key, 3);
      const second = await claimKey(api.control, identity, request);
      expect(second).toHaveProperty('claimedAt');
      const late = withClaim(claim, () => transact(api.control, async () => 'done'));
      await expect(late).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' });
    });

    it('after the effect: the request does not run again', async () => {
      const { identity, claim } = await claimed();
      await withClaim(claim, () => transact(api.control, async () => 'done'));
      await age(identity.key, 3);
      await expect(claimKey(api.control, identity, request)).rejects.toMatchObject({
        code: 'IDEMPOTENCY_ANSWER_LOST',
      });
    });

    it('is known to be dead, or to live, by its session', async () => {
      await until('this replica shows that it lives', async () => {
        const { rowCount } = await api.control.pool.query(`SELECT WHERE ${livesSql('$1::int')}`, [
          api.control.replica,
        ]);
        return rowCount === 1;
      });
      /** As old as it must be to say so, and far younger than one that is given up anyway. */
      const claimedBy = async (owner: number, effect: boolean) => {
        const { identity, claim } = await claimed();
        if (effect) await withClaim(claim, () => transact(api.control, async () => 'done'));
        await api.control.pool.query(
          `UPDATE idempotency_keys SET owner = $1, created_at = now() - interval '5 s' WHERE key = $2`,
          [owner, identity.key],
        );
        return identity;
      };
      const dead = newReplicaNumber();
      expect(await claimKey(api.control, await claimedBy(dead, false), request)).toHaveProperty('claimedAt');
      await expect(claimKey(api.control, await claimedBy(dead, true), request)).rejects.toMatchObject({
        code: 'IDEMPOTENCY_ANSWER_LOST',
      });
    });

    it('in the middle of the effect: neither it nor its mark is there', async () => {
      const { identity, claim } = await claimed();
      const failing = withClaim(claim, () =>
        api.control.db.$transaction(async (tx) => {
          await recordEffect(tx);
          throw new Error('power cut');
        }),
      );
      await expect(failing).rejects.toThrow('power cut');
      const row = await api.control.db.idempotencyKey.findFirst({ where: { key: identity.key } });
      expect(row?.state).toBe('claimed');
    });
  });

  it('forgets keys after a day', async () => {
    await create('old', 'old');
    await api.control.pool.query(
      "UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'",
    );
    expect(await purgeKeys(api.control)).toBe(1);
    expect((await create('old', 'another body')).status).toBe(201);
  });
});
