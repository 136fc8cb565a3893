/** The committed OpenAPI document: its style, its examples, and that it breaks nobody who calls the released one. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../../../openapi/compare.ts';
import { lint } from '../../../openapi/ruleset.ts';
import type { JsonSchema, MediaType, OpenApiDocument } from '../../../src/api/document/json-schema.ts';

const read = (name: string): OpenApiDocument =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../../../openapi/${name}`), 'utf8'));
const document = read('openapi.json');

describe('the OpenAPI document', () => {
  it('is as its ruleset wants it', { timeout: 300_000 }, async () => {
    expect(await lint(document)).toEqual([]);
  });

  it('breaks nobody who calls the released contract', () => {
    expect(breakingChanges(read('released.json'), document)).toEqual([]);
  });

  it('has examples that fit, of every parameter and every body', { timeout: 300_000 }, () => {
    const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));
    ajv.addSchema(document, 'openapi.json');
    const compiled = new Map<string, ValidateFunction>();
    const check = (schema: JsonSchema, value: unknown, where: string): void => {
      const key = JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/');
      const validate = compiled.get(key) ?? ajv.compile(JSON.parse(key));
      compiled.set(key, validate);
      if (!validate(value))
        expect.soft(`${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`, where).toBe('');
    };
    let checked = 0;
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        for (const { name, schema, example } of operation.parameters ?? [])
          check(schema, example, `${method} ${path}, ${name}`);
        const bodies = [operation.requestBody, ...Object.values(operation.responses)];
        for (const { schema, ...media } of bodies.flatMap((body) => Object.values(body?.content ?? {}))) {
          for (const example of examplesOf(media)) {
            check(schema ?? {}, example, `${method} ${path}`);
            checked += 1;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(200);
  });
});

function examplesOf({ example, examples = {} }: MediaType): unknown[] {
  return [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples).map(({ value, $ref }) =>
      $ref === undefined ? value : document.components.examples?.[$ref.split('/').at(-1) ?? '']?.value,
    ),
  ];
}
