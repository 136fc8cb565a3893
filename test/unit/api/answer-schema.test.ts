import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastJsonStringify from 'fast-json-stringify';
import { describe, expect, it } from 'vitest';
import { answerSchema } from '../../../src/api/answer-schema.ts';

interface Content {
  schema?: object;
  examples?: Record<string, { $ref: string }>;
}
interface Document {
  paths: Record<
    string,
    Record<string, { responses?: Record<string, { content?: Record<string, Content> }> }>
  >;
  components: { schemas: Record<string, object>; examples: Record<string, { value: unknown }> };
}

const OPENAPI = join(import.meta.dirname, '../../../openapi/openapi.json');
const document = JSON.parse(readFileSync(OPENAPI, 'utf8')) as Document;
const shared = Object.fromEntries(
  Object.entries(document.components.schemas).map(([name, schema]) => [
    `#/components/schemas/${name}`,
    schema,
  ]),
);

/** Every answer of the contract that has a schema and examples. */
function* answers(): Generator<{ name: string; schema: object; examples: unknown[] }> {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { responses = {} }] of Object.entries(methods)) {
      for (const [status, { content = {} }] of Object.entries(responses)) {
        for (const [type, { schema, examples = {} }] of Object.entries(content)) {
          if (schema === undefined || !/json$/.test(type)) continue;
          const names = Object.values(examples).map(({ $ref }) => $ref.split('/').at(-1) ?? '');
          const all = names.map((name) => document.components.examples[name]?.value);
          yield { name: `${method} ${path} ${status}`, schema, examples: all };
        }
      }
    }
  }
}

describe('the schema by which an answer is written', () => {
  it('writes every example of the contract as it stands there', () => {
    let written = 0;
    const writers = new Map<string, (body: unknown) => string>();
    for (const { name, schema, examples } of answers()) {
      const plain = answerSchema(schema, shared);
      const key = JSON.stringify(plain);
      const write = writers.get(key) ?? fastJsonStringify(plain);
      writers.set(key, write);
      for (const example of examples) {
        expect(JSON.parse(write(example)), name).toEqual(example);
        written += 1;
      }
    }
    expect(written).toBeGreaterThan(300);
  });

  it('has nothing validated for a null that may stand instead of something', () => {
    const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
    const schema = {
      type: 'object',
      additionalProperties: false,
      required: ['text', 'count', 'list', 'within', 'named'],
      properties: {
        text: { ...orNull({ type: 'string', format: 'uuid' }), description: 'words' },
        count: orNull({ type: 'integer' }),
        list: orNull({ type: 'array', items: orNull({ type: 'boolean' }) }),
        within: orNull({ type: 'object', properties: { description: orNull({ type: 'string' }) } }),
        named: orNull({ $ref: 'Named#' }),
      },
    };
    const named = { $id: 'Named', type: 'object', properties: { when: { type: 'string' } } };
    const plain = answerSchema(schema, { Named: named });
    expect(JSON.stringify(plain)).not.toMatch(/anyOf|\$ref|words/);
    const write = fastJsonStringify(plain);
    const nothing = { text: null, count: null, list: null, within: null, named: null };
    expect(JSON.parse(write(nothing))).toEqual(nothing);
    const something = {
      ...{ text: 'a', count: 2, list: [true, null], within: { description: null } },
      named: { when: 'now' },
    };
    expect(JSON.parse(write({ ...something, secret: 1 }))).toEqual(something);
    expect(() => write({ ...nothing, count: undefined })).toThrow('"count" is required');
  });

  it('leaves a choice between more than that to the writer', () => {
    const choice = { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] };
    expect(answerSchema(choice, {})).toEqual(choice);
    expect(() => answerSchema({ $ref: 'Unknown#' }, {})).toThrow('Unknown#');
  });
});
