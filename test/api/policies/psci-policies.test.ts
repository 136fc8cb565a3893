import { describe, expect, it } from 'vitest';
import { policyFleet } from '../../support/policy-fleet.ts';
import { countRows } from '../../support/rows.ts';

describe('a fleet policy as a resource', () => {
  const fleet = policyFleet();
  const { post, made, patch, label } = fleet;
  it('is created, read, listed, changed and deleted, and what it said stays', async () => {
    const selector = label();
    const answer = await post({
      name: 'web',
      selector,
      version: '1.0',
      priority: 10,
      enforcement: 'audit',
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        ...{ name: 'web', selector, version: '1.0', priority: 10, enforcement: 'audit' },
        ...{ revision: 1, vms: 0, changedBy: expect.stringContaining('admin') },
      },
    });
    const { id } = answer.body;
    expect(answer.headers.get('location')).toBe(`/v1/psci-policies/${id}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    const path = `/v1/psci-policies/${id}`;
    expect((await fleet.api.request('GET', path)).body).toEqual(answer.body);
    expect((await fleet.api.request('GET', '/v1/psci-policies')).body.items).toEqual([answer.body]);

    const changed = await patch(id, { version: 'sticky', selector: { zone: 'b' } }, 1);
    expect(changed).toMatchObject({
      status: 200,
      body: { revision: 2, version: 'sticky', selector: { ...selector, zone: 'b' }, name: 'web' },
    });
    // Nothing new is no revision.
    expect((await patch(id, { version: 'sticky' }, 2)).body).toEqual(changed.body);
    expect((await patch(id, { selector: { zone: null } }, 2)).body).toMatchObject({
      revision: 3,
      selector,
    });

    expect((await fleet.api.request('DELETE', path)).status).toBe(204);
    expect(await fleet.api.request('GET', path)).toMatchObject({
      status: 404,
      body: { code: 'PSCI_POLICY_NOT_FOUND' },
    });
    const { body: first } = await fleet.api.request('GET', `${path}/revisions?limit=2`);
    expect(first.items.map(({ revision }: { revision: number }) => revision)).toEqual([3, 2]);
    const { body: second } = await fleet.api.request(
      'GET',
      `${path}/revisions?limit=2&pageToken=${first.nextPageToken}`,
    );
    expect(second).toMatchObject({ items: [{ revision: 1, version: '1.0' }], nextPageToken: null });
    // Its name is free again.
    expect((await post({ name: 'web', selector: label() })).status).toBe(201);
  });

  it('changes only for who has seen it as it is', async () => {
    const { id } = await made({ selector: label() });
    const cases = [
      [null, 428, 'PRECONDITION_REQUIRED'],
      [7, 412, 'PRECONDITION_FAILED'],
    ] as const;
    for (const [revision, status, code] of cases) {
      expect(await patch(id, { version: '1.1' }, revision)).toMatchObject({ status, body: { code } });
    }
    const stale = { headers: { 'if-match': '"7"' } };
    expect((await fleet.api.request('DELETE', `/v1/psci-policies/${id}`, stale)).status).toBe(412);
    expect((await fleet.api.request('GET', `/v1/psci-policies/${id}`)).body).toMatchObject({ revision: 1 });
    const both = await Promise.all([patch(id, { version: '1.1' }, 1), patch(id, { version: '1.2' }, 1)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('is refused where it would not be clear, and nothing is changed', async () => {
    const selector = label();
    const first = await made({ name: 'first', selector });
    const other = await made({ name: 'other', selector, priority: 11 });
    const before = await countRows(fleet.api.control);
    const cases: [object, number, string][] = [
      [{ selector }, 409, 'PSCI_POLICY_TIE'],
      [{ selector: {} }, 409, 'PSCI_POLICY_TIE'],
      [{ selector: { zone: 'b' } }, 409, 'PSCI_POLICY_TIE'],
      [{ name: 'first', selector: label() }, 409, 'PSCI_POLICY_NAME_TAKEN'],
      [{ selector: label(), version: '0.2' }, 422, 'PSCI_VERSION_INSECURE'],
      [{ selector: label(), version: '1.4' }, 400, 'VALIDATION_FAILED'],
      [{ selector: label(), version: 1.1 }, 400, 'VALIDATION_FAILED'],
      [{ selector: label(), version: 'pinned' }, 400, 'VALIDATION_FAILED'],
      [{ selector: label(), priority: 1.5 }, 400, 'VALIDATION_FAILED'],
      [{ selector: label(), enforcement: 'maybe' }, 400, 'VALIDATION_FAILED'],
      [{ selector: label(), also: 1 }, 400, 'VALIDATION_FAILED'],
      [{ selector: undefined }, 400, 'VALIDATION_FAILED'],
      [{ selector: null }, 400, 'VALIDATION_FAILED'],
    ];
    for (const query of ['', '?dryRun=true']) {
      for (const [fields, status, code] of cases) {
        expect(await post(fields, query), JSON.stringify(fields)).toMatchObject({ status, body: { code } });
      }
      const tie = await patch(other.id, { priority: 10 }, 1, query);
      expect(tie).toMatchObject({ status: 409, body: { code: 'PSCI_POLICY_TIE' } });
      expect(tie.body.detail).toContain('"first"');
      expect(tie.body.detail).toContain(first.id);
    }
    expect(await countRows(fleet.api.control)).toEqual(before);
    // What is only audited ties with nobody, until it is enforced.
    const audited = await made({ selector, enforcement: 'audit' });
    expect(await patch(audited.id, { enforcement: 'enforce' }, 1)).toMatchObject({ status: 409 });
    expect((await post({ selector: label() })).status).toBe(201);
  });

  it('ties with none that is made at the same moment', async () => {
    const selector = label();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post({ selector })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });
});
