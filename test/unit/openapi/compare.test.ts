import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../../../openapi/compare.ts';
import type { JsonSchema, OpenApiDocument, OpenApiOperation } from '../../../src/api/document/json-schema.ts';

const whole: OpenApiDocument = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../openapi/openapi.json'), 'utf8'),
);

const thing: JsonSchema = {
  type: 'object',
  required: ['id', 'state'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    state: { enum: ['on', 'off'] },
    size: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
  },
  additionalProperties: false,
};

function operation(): OpenApiOperation & { parameters: object[] } {
  return {
    operationId: 'makeThing',
    'x-role': 'operator',
    parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200 } }],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['name'],
            properties: {
              name: { type: 'string', maxLength: 63 },
              mode: { enum: ['a', 'b'], default: 'a' },
              size: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
            },
          },
        },
      },
    },
    responses: {
      '201': {
        description: 'Created.',
        headers: { location: { schema: { type: 'string' } } },
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
    },
  };
}

interface Parts {
  document: OpenApiDocument;
  operation: ReturnType<typeof operation>;
  /** Of the request's body. */
  body: Record<string, JsonSchema> & { name: JsonSchema };
  answer: Required<Pick<JsonSchema, 'properties' | 'required'>>;
}

function document(): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: { '/things': { post: operation() } },
    components: { schemas: { Thing: structuredClone(thing) } },
  };
}

function partsOf(made: OpenApiDocument): Parts {
  const post = made.paths['/things']?.post as ReturnType<typeof operation>;
  return {
    document: made,
    operation: post,
    body: post.requestBody?.content['application/json']?.schema?.properties as Parts['body'],
    answer: made.components.schemas.Thing as Parts['answer'],
  };
}

function after(change: (parts: Parts) => void): string[] {
  const changed = document();
  change(partsOf(changed));
  return breakingChanges(document(), changed);
}

const NAME = 'POST /things';

describe('what breaks the callers of a contract', () => {
  it.each<[string, (parts: Parts) => void, string]>([
    [
      'a path that is gone',
      ({ document: made }) => {
        made.paths = {};
      },
      `${NAME} is gone`,
    ],
    ['another name', (parts) => (parts.operation.operationId = 'addThing'), `${NAME} is called addThing, no`],
    ['a higher role', (parts) => (parts.operation['x-role'] = 'admin'), `${NAME} needs the role admin`],
    ['a parameter that is gone', ({ operation: { parameters } }) => parameters.pop(), `query limit is gone`],
    [
      'a new parameter that is needed',
      ({ operation: { parameters } }) =>
        parameters.push({ name: 'q', in: 'query', required: true, schema: { type: 'string' } }),
      'query q is required now',
    ],
    [
      'a lower limit',
      ({ operation: { parameters } }) =>
        Object.assign(parameters[0] ?? {}, { schema: { type: 'integer', minimum: 1, maximum: 100 } }),
      'has a lower maximum: 100',
    ],
    ['a shorter name', ({ body }) => (body.name.maxLength = 10), '.name has a lower maxLength: 10'],
    ['a field that is gone', ({ body }) => delete body.mode, '.mode is gone'],
    ['a value that is gone', ({ body }) => Object.assign(body.mode ?? {}, { enum: ['a'] }), 'longer takes b'],
    [
      'another default',
      ({ body }) => Object.assign(body.mode ?? {}, { default: 'b' }),
      'another default: "b"',
    ],
    [
      'null that is gone',
      ({ body }) => Object.assign(body, { size: { type: 'integer' } }),
      '.size no longer takes null',
    ],
    [
      'another type',
      ({ body }) => Object.assign(body, { name: { type: 'integer' } }),
      'was string, is integer',
    ],
    [
      'a success that is gone',
      ({ operation: made }) => delete made.responses['201'],
      'no longer answers 201',
    ],
    [
      'a header that is gone',
      ({ operation: made }) => delete made.responses['201']?.headers,
      'has no header location any more',
    ],
    ['an answer without a member', ({ answer }) => delete answer.properties.state, '.state is gone'],
    ['a member that may be missing', ({ answer }) => answer.required.pop(), '.state may be missing now'],
    [
      'a member that may be null',
      ({ answer }) =>
        Object.assign(answer.properties, { id: { anyOf: [answer.properties.id, { type: 'null' }] } }),
      '.id may be null now',
    ],
    [
      'a member of free text',
      ({ answer }) => Object.assign(answer.properties, { state: { type: 'string' } }),
      '.state may be any string now',
    ],
  ])('%s', (_, change, finding) => {
    const found = after(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(finding);
  });

  it.each<[string, (parts: Parts) => void]>([
    ['a new path', ({ document: made }) => Object.assign(made.paths, { '/more': { get: operation() } })],
    ['a lower role', (parts) => (parts.operation['x-role'] = 'viewer')],
    [
      'a new optional parameter',
      ({ operation: { parameters } }) =>
        parameters.push({ name: 'q', in: 'query', schema: { type: 'string' } }),
    ],
    ['a new optional field', ({ body }) => Object.assign(body, { colour: { type: 'string' } })],
    ['a new value in requests', ({ body }) => body.mode?.enum?.push('c')],
    [
      'a new member of answers',
      ({ answer }) => Object.assign(answer.properties, { colour: { type: 'string' } }),
    ],
    ['a new value in answers', ({ answer }) => answer.properties.state?.enum?.push('broken')],
    ['a member that is never null', ({ answer }) => (answer.properties.size = { type: 'integer' })],
    ['a longer name', ({ body }) => (body.name.maxLength = 100)],
  ])('not %s', (_, change) => {
    expect(after(change)).toEqual([]);
  });

  it('sees every operation of the real contract that goes missing, and a schema that is another', () => {
    for (const [path, item] of Object.entries(whole.paths)) {
      const without = { ...whole, paths: { ...whole.paths, [path]: {} } };
      expect.soft(breakingChanges(whole, without), path).toHaveLength(Object.keys(item).length);
    }
    for (const name of ['Vm', 'NewVm', 'Event', 'Operation', 'Host']) {
      const schemas = { ...whole.components.schemas, [name]: { type: 'string' } };
      const found = breakingChanges(whole, { ...whole, components: { ...whole.components, schemas } });
      expect.soft(found.length, name).toBeGreaterThan(0);
    }
  });
});
