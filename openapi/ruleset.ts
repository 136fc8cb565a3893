/** What Spectral checks openapi.json by: its own rules for OpenAPI, and the conventions of this API. */
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import type { OpenApiOperation, Response } from '../src/api/document/json-schema.ts';

interface Finding {
  message: string;
}

const OPERATIONS = '$.paths[*][get,put,post,delete,patch]';
const PROBLEM = 'application/problem+json';

/** A rule that says of each thing at `given` what is wrong with it, or null. */
function rule<T>(description: string, given: string, wrong: (target: T) => string | null) {
  return {
    description,
    given,
    severity: 'error' as const,
    // biome-ignore lint/suspicious/noThenProperty: Spectral calls it so
    then: {
      function: (target: unknown): Finding[] => {
        const message = wrong(target as T);
        return message === null ? [] : [{ message }];
      },
    },
  };
}

const errors = ({ responses }: OpenApiOperation): [string, Response][] =>
  Object.entries(responses).filter(([status]) => status >= '400');

const conventions = {
  'holdfast-operation-id': rule<OpenApiOperation>(
    'Operations are named in camelCase: a verb and what it is done to',
    OPERATIONS,
    ({ operationId }) =>
      /^[a-z][A-Za-z]+$/.test(operationId) ? null : `${operationId} is no name in camelCase`,
  ),
  'holdfast-problems': rule<OpenApiOperation>(
    'Every refusal is a problem document with the examples of its codes',
    OPERATIONS,
    (operation) => {
      const bad = errors(operation).find(
        ([, { content = {} }]) =>
          Object.keys(content).join() !== PROBLEM ||
          Object.keys(content[PROBLEM]?.examples ?? {}).length === 0,
      );
      return bad === undefined ? null : `${operation.operationId} answers ${bad[0]} with no problem document`;
    },
  ),
  'holdfast-examples': rule<OpenApiOperation>(
    'Every JSON body has an example',
    OPERATIONS,
    ({ operationId, requestBody, responses }) => {
      const bodies = [requestBody, ...Object.values(responses)].flatMap((body) =>
        Object.entries(body?.content ?? {}),
      );
      const bare = bodies.find(
        ([type, { example, examples }]) =>
          /\bjson\b/.test(type) && example === undefined && Object.keys(examples ?? {}).length === 0,
      );
      return bare === undefined ? null : `${operationId} has a body of ${bare[0]} without an example`;
    },
  ),
  'holdfast-request-id': rule<OpenApiOperation>('Every answer names its request', OPERATIONS, (operation) => {
    const without = Object.entries(operation.responses).find(
      ([, { headers = {} }]) => headers['x-request-id'] === undefined,
    );
    return without === undefined
      ? null
      : `${operation.operationId} answers ${without[0]} without x-request-id`;
  }),
  'holdfast-lists': rule<OpenApiOperation>('Lists are paged', OPERATIONS, (operation) => {
    const schema = operation.responses['200']?.content?.['application/json']?.schema;
    if (schema?.properties?.items === undefined || schema.properties.nextPageToken === undefined) return null;
    const names = new Set((operation.parameters ?? []).map(({ name }) => name));
    return names.has('limit') && names.has('pageToken')
      ? null
      : `${operation.operationId} is a list without limit and pageToken`;
  }),
};

const ruleset: RulesetDefinition = {
  extends: [[rulesets.oas as RulesetDefinition, 'all']],
  rules: {
    // Nobody in particular runs it, and its license is named by its SPDX identifier.
    'info-contact': 'off',
    'license-url': 'off',
    // The order is that of /docs: what is used most comes first.
    'openapi-tags-alphabetical': 'off',
    // A test of its own holds the examples against their schemas, in a fraction of the time.
    'oas3-valid-media-example': 'off',
    'oas3-valid-schema-example': 'off',
    ...conventions,
  },
};

/** What is wrong with an OpenAPI document: one line per finding. */
export async function lint(document: object): Promise<string[]> {
  const linter = new spectral.Spectral();
  linter.setRuleset(ruleset);
  const findings = await linter.run({ ...document });
  return findings.map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`);
}
