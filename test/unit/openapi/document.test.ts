/** The committed OpenAPI document: its style, its examples, and that it breaks nobody who calls the released one. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../../../openapi/compare.ts';
import { lint } from '../../../openapi/ruleset.ts';
import type { JsonSchema, MediaType, OpenApiDocument } from '../../../src/api/document/json-schema.ts';

const read = (name: string): OpenApiDocument =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../../../openapi/${name}`), 'utf8'));
const document = read('openapi.json');

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    ...{ path, method, operation },
  })),
);

describe('the OpenAPI document', () => {
  it('is as its ruleset wants it', async () => {
    expect(await lint(document)).toEqual([]);
  });

  it('breaks nobody who calls the released contract', () => {
    expect(breakingChanges(read('released.json'), document)).toEqual([]);
  });

  describe('has examples that fit', () => {
    const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));
    ajv.addSchema(document, 'openapi.json');
    const wrong = (schema: JsonSchema, value: unknown): string | null => {
      const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/'));
      return ajv.validate(local, value) ? null : `${ajv.errorsText()} in ${JSON.stringify(value)}`;
    };
    const examplesOf = ({ example, examples = {} }: MediaType): unknown[] => [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples).map(({ value, $ref }) =>
        $ref === undefined ? value : document.components.examples?.[$ref.split('/').at(-1) ?? '']?.value,
      ),
    ];

    it.each(operations)('$name', ({ operation }) => {
      for (const { name, schema, example } of operation.parameters ?? [])
        expect.soft(wrong(schema, example), name).toBeNull();
      const bodies = [operation.requestBody, ...Object.values(operation.responses)];
      for (const media of bodies.flatMap((body) => Object.values(body?.content ?? {})))
        for (const example of examplesOf(media)) expect.soft(wrong(media.schema ?? {}, example)).toBeNull();
    });
  });
});
