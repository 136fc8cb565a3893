import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

describe('the platform', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('is healthy and ready', async () => {
    expect((await api.request('GET', '/healthz', { token: null })).body).toEqual({ status: 'ok' });
    expect((await api.request('GET', '/readyz', { token: null })).body).toEqual({ status: 'ok' });
  });
  it('refuses a field it does not know', async () => {
    const answer = await api.request('POST', '/v1/tokens', { body: { name: 'x', role: 'viewer', extra: 1 } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/extra', detail: 'is not a known field' }] },
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
  it('does not turn a number into a string', async () => {
    const answer = await api.request('POST', '/v1/tokens', { body: { name: 1.1, role: 'viewer' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  });
  it('makes a token', async () => {
    const answer = await api.request('POST', '/v1/tokens', { body: { name: 'x', role: 'viewer' } });
    expect(answer).toMatchObject({ status: 201 });
  });
});
