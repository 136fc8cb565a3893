import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFUSALS } from '../../../src/control/refusals.ts';
import { startApi, type TestApi } from '../../support/api.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: Record<string, unknown>[];
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref?: string } }> }>;
}

describe('the OpenAPI document', () => {
  let api: TestApi;
  let operations: [string, Operation][];
  beforeAll(async () => {
    api = await startApi();
    const { body } = await api.request('GET', '/openapi.json', { token: null });
    operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, item]) =>
        Object.entries(item).map(([method, operation]): [string, Operation] => [
          `${method.toUpperCase()} ${path}`,
          operation,
        ]),
    );
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('is committed as the routes say, and so are the types of the client', async () => {
    await promisify(execFile)(process.execPath, ['script/openapi.ts', '--check'], { cwd: ROOT });
  });

  it('is served as it is committed', async () => {
    const { body } = await api.request('GET', '/openapi.json', { token: null });
    expect(body).toEqual(JSON.parse(await readFile(`${ROOT}/openapi/openapi.json`, 'utf8')));
  });

  it('names and explains every operation', () => {
    expect(operations.length).toBeGreaterThan(30);
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, { operationId, summary, tags, security }] of operations) {
      expect.soft(operationId, name).toMatch(/^[a-z][A-Za-z]+$/);
      expect.soft(summary, name).toMatch(/^[A-Z].*[^.]$/);
      expect.soft(tags, name).toHaveLength(1);
      expect.soft(security, name).toBeDefined();
    }
  });

  it('describes every refusal as a problem, and only codes that exist', () => {
    for (const [name, { responses }] of operations) {
      const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect.soft(errors.length, name).toBeGreaterThan(0);
      for (const [status, { description, content }] of errors) {
        expect
          .soft(content?.['application/problem+json']?.schema.$ref, `${name} ${status}`)
          .toBe('#/components/schemas/Problem');
        const codes = [...description.matchAll(/`([A-Z_]+)`/g)].map(
          ([, code]) => code as keyof typeof REFUSALS,
        );
        expect.soft(codes.length, `${name} ${status}`).toBeGreaterThan(0);
        for (const code of codes) expect.soft(String(REFUSALS[code]?.status), `${name} ${code}`).toBe(status);
      }
    }
  });

  it('has a page to read it on, whose policy lets it load only its own', async () => {
    const page = await fetch(new URL('/docs/', api.url));
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|upgrade-insecure/);
    const assets = [...(await page.text()).matchAll(/(?:src|href)="([^"#]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      const { status, url } = await fetch(new URL(asset, page.url));
      expect.soft([asset, status, new URL(url).origin]).toEqual([asset, 200, api.url]);
    }
  });
});
