import { describe, expect, it } from 'vitest';
import { outcomeOf, requestWords } from '../../../../src/dashboard/model/audit-words.ts';

describe('an audited request', () => {
  it('is told by what it does to what', () => {
    const words = (method: string, path: string) => requestWords({ method, path });
    expect(words('POST', '/v1/vms')).toBe('create · VM');
    expect(words('POST', '/v1/vms/0199/start')).toBe('start · VM');
    expect(words('POST', '/v1/vms/0199/snapshots')).toBe('take a snapshot · VM');
    expect(words('PATCH', '/v1/vms/0199?force=true')).toBe('change · VM');
    expect(words('POST', '/v1/psci-policies?dryRun=true&limit=25')).toBe('try to create · policy');
    expect(words('DELETE', '/v1/psci-policies/0199')).toBe('delete · policy');
    expect(words('PUT', '/v1/blobs/sha256:00')).toBe('upload · blob');
    expect(words('POST', '/v1/new-things')).toBe('create · new-things');
  });

  it('has an outcome, unless the process ended before it answered', () => {
    expect([200, 202, 409, 500, null].map((status) => outcomeOf({ status }))).toEqual([
      'done',
      'done',
      'refused',
      'refused',
      'unknown',
    ]);
  });
});
