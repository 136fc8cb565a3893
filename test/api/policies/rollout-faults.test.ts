/**
 * A rollout survives whatever dies while it works: at each single write of its steps, and by kill -9 of the replicas.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../src/control/database/postgres.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { ApiProcess } from '../../support/api-process.ts';
import { type Endpoint, makeImage, makeVm, ProtocolHost } from '../../support/protocol-host.ts';
import { SimpleGuests } from '../../support/simple-guests.ts';

const HEALTH = { bootTimeoutSeconds: 60, upSeconds: 0 };
const ROOM = { vcpus: 512, memoryMiB: 262_144 };

/** Ends the connection that makes write number `at` of the rollout `fault-<at>-…`; everything it did is undone. */
const FAULTS_SQL = `
  CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    rollout text;
    at int;
  BEGIN
    IF TG_TABLE_NAME = 'rollouts' THEN rollout := NEW.name;
    ELSIF TG_TABLE_NAME = 'operations' THEN
      SELECT name INTO rollout FROM rollouts WHERE 'rollout:' || id = NEW.requested_by;
    ELSE SELECT name INTO rollout FROM rollouts WHERE id = NEW.rollout_id;
    END IF;
    IF rollout LIKE 'fault-%' THEN
      at := split_part(rollout, '-', 2)::int;
      IF nextval(replace(rollout, '-', '_')) = at THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER fault BEFORE UPDATE OF status, wave, soak_until ON rollouts FOR EACH ROW EXECUTE FUNCTION fault();
  CREATE TRIGGER fault BEFORE UPDATE ON rollout_vms FOR EACH ROW EXECUTE FUNCTION fault();
  CREATE TRIGGER fault BEFORE INSERT ON rollout_events FOR EACH ROW EXECUTE FUNCTION fault();
  CREATE TRIGGER fault BEFORE INSERT ON operations FOR EACH ROW EXECUTE FUNCTION fault();`;

/** The creation writes these to the log: a client that fails there tries again. */
const WRITES_OF_CREATION = 2;

interface Case {
  team: string;
  vmId: string;
  rolloutId: string;
}

describe('a rollout that is hit at each of its writes', () => {
  let api: TestApi;
  let guests: SimpleGuests;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api);
    guests = new SimpleGuests([await ProtocolHost.enrol(api, { capacity: ROOM })]);
    await api.control.pool.query(FAULTS_SQL);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  /** A rollout of one VM, whose guest is `kind`, hit at write `at`; 0: not hit. */
  async function begin(kind: 'well' | 'ill', at: number): Promise<Case> {
    const name = `fault-${at}-${kind}`;
    const psci = { policy: 'pinned', version: '1.0' };
    const vm = await makeVm(api, imageId, {
      labels: { team: name },
      psci,
      cmdline: kind,
      powerState: 'running',
    });
    await guests.until('it to run', async () => guests.boots.has(vm.id));
    await api.control.pool.query(`CREATE SEQUENCE ${name.replaceAll('-', '_')}`);
    const { status, body } = await api.request('POST', '/v1/rollouts', {
      body: {
        ...{ name, selector: { team: name }, to: { version: '1.1' }, waves: [{ count: 1 }], restart: true },
        health: HEALTH,
      },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return { team: name, vmId: vm.id, rolloutId: body.id };
  }

  const writes = async ({ team }: Case): Promise<number> => {
    const { rows } = await api.control.pool.query<{ last: string }>(
      `SELECT last_value AS last FROM ${team.replaceAll('-', '_')}`,
    );
    return Number(rows[0]?.last);
  };
  const story = async ({ rolloutId }: Case): Promise<string[]> =>
    (await api.request('GET', `/v1/rollouts/${rolloutId}/events`)).body.items.map(
      ({ kind }: { kind: string }) => kind,
    );
  const rolloutOf = async ({ rolloutId }: Case) =>
    (await api.request('GET', `/v1/rollouts/${rolloutId}`)).body;

  for (const [kind, status, boots] of [
    ['well', 'succeeded', ['1.0', '1.1']],
    ['ill', 'rolledBack', ['1.0', '1.1', '1.0']],
  ] as const) {
    it(`ends ${status}, with each step done once`, async () => {
      guests.behaviour = {
        boot: ({ cmdline, psci }) => (cmdline.endsWith('ill') && psci === '1.1' ? 'powers off' : 'runs'),
      };
      const whole = await begin(kind, 0);
      await guests.until('the whole one', async () => (await rolloutOf(whole)).finishedAt !== null);
      const steps = await story(whole);
      const last = await writes(whole);
      expect(last).toBeGreaterThan(15);

      const cases: Case[] = [];
      for (let at = WRITES_OF_CREATION + 1; at <= last; at += 1) cases.push(await begin(kind, at));
      await guests.until('all of them to end', async () => {
        const { rows } = await api.control.pool.query(
          'SELECT 1 FROM rollouts WHERE finished_at IS NULL LIMIT 1',
        );
        return rows.length === 0;
      });
      let hit = 0;
      for (const one of cases) {
        hit += (await writes(one)) >= Number(one.team.split('-')[1]) ? 1 : 0;
        expect
          .soft(await rolloutOf(one), one.team)
          .toMatchObject({ status, failures: kind === 'ill' ? 1 : 0 });
        // In another order where one step leads to two others.
        expect.soft((await story(one)).sort(), one.team).toEqual(steps.toSorted());
        expect.soft(guests.boots.get(one.vmId), one.team).toEqual(boots);
        expect.soft((await api.request('GET', `/v1/vms/${one.vmId}`)).body, one.team).toMatchObject({
          ...{ phase: 'running', psci: { version: boots.at(-1), effective: boots.at(-1) } },
        });
      }
      // Some write a note of why they wait that others do not: the last of them may not come so far.
      expect(hit).toBeGreaterThan(cases.length - 3);
    }, 180_000);
  }
});

describe('a rollout whose Postgres is killed', () => {
  it('goes on when it is back, and the API lives', async () => {
    await using api = await startApi();
    const patient: Endpoint = {
      request: async (method, path, options) => {
        for (;;) {
          const answer = await api.request(method, path, options);
          if (answer.status < 500) return answer;
          await sleep(50);
        }
      },
    };
    const guests = new SimpleGuests([await ProtocolHost.enrol(patient)]);
    const imageId = await makeImage(patient);
    const psci = { policy: 'pinned', version: '1.0' };
    const fields = { labels: { team: 'a' }, psci, powerState: 'running' };
    const vms = [await makeVm(patient, imageId, fields), await makeVm(patient, imageId, fields)];
    await guests.until('them to run', async () => guests.boots.size === vms.length);
    const { body } = await patient.request('POST', '/v1/rollouts', {
      body: {
        ...{ name: 'outage', selector: { team: 'a' }, to: { version: '1.1' }, restart: true, health: HEALTH },
        waves: [{ count: 2 }],
      },
    });
    const { pid } = api.postgres;
    if (pid === null) throw new Error('Postgres does not run');
    process.kill(pid, 'SIGKILL');
    await guests.until('its end', async () => {
      const { finishedAt } = (await patient.request('GET', `/v1/rollouts/${body.id}`)).body;
      return finishedAt !== null;
    });
    for (const vm of vms) expect(guests.boots.get(vm.id)).toEqual(['1.0', '1.1']);
  }, 120_000);
});

describe('a rollout whose replicas are killed', () => {
  it('goes on with whoever is left, and from where it was', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-rollout-'));
    const postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
    const replicas = [await ApiProcess.start(postgres.url), await ApiProcess.start(postgres.url)];
    const admin = replicas[0]?.adminToken ?? '';
    /** Whichever replica lives; until one does. */
    const anyone: Endpoint = {
      request: async (method, path, options = {}) => {
        for (;;) {
          for (const replica of replicas.filter(({ url }) => url !== null)) {
            const answer = await replica
              .request(method, path, { token: admin, ...options })
              .catch(() => null);
            if (answer !== null && answer.status < 500) return answer;
          }
          await sleep(50);
        }
      },
    };
    try {
      const host = await ProtocolHost.enrol(anyone, { capacity: ROOM });
      const guests = new SimpleGuests([host]);
      const imageId = await makeImage(anyone);
      const psci = { policy: 'pinned', version: '1.0' };
      const vms = [];
      for (let n = 0; n < 3; n += 1) {
        vms.push(await makeVm(anyone, imageId, { labels: { team: 'a' }, psci, powerState: 'running' }));
      }
      await guests.until('them to run', async () => guests.boots.size === vms.length);
      const { body } = await anyone.request('POST', '/v1/rollouts', {
        body: {
          ...{
            name: 'killed',
            selector: { team: 'a' },
            to: { version: '1.1' },
            restart: true,
            health: HEALTH,
          },
          waves: [{ count: 1 }, { count: 2 }],
        },
      });
      const progress = () => anyone.request('GET', `/v1/rollouts/${body.id}/events`);
      const steps = async (count: number) =>
        guests.until(`${count} steps`, async () => (await progress()).body.items.length >= count);
      // Whoever works on it, each of them dies once, and never do both live at the end.
      await steps(4);
      await replicas[0]?.kill();
      await steps(8);
      await replicas[0]?.start();
      await replicas[1]?.kill();
      await guests.until('its end', async () => {
        const { finishedAt } = (await anyone.request('GET', `/v1/rollouts/${body.id}`)).body;
        return finishedAt !== null;
      });
      const rollout = (await anyone.request('GET', `/v1/rollouts/${body.id}`)).body;
      expect(rollout).toMatchObject({ status: 'succeeded', failures: 0, states: { healthy: 3 } });
      for (const vm of vms) expect(guests.boots.get(vm.id)).toEqual(['1.0', '1.1']);
    } finally {
      for (const replica of replicas) await replica[Symbol.asyncDispose]();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }, 180_000);
});
