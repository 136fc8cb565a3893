/**
 * What may come in. Bodies are taken as they are or refused: no unknown field is dropped and no number becomes a
 * string. Query strings and path parameters are text by nature, so there "50" is a number where one is asked for.
 */
import { Ajv, type Options } from 'ajv';
import formats from 'ajv-formats';
import fp from 'fastify-plugin';

const OPTIONS: Options = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  // TypeBox adds nothing that is not JSON Schema, but OpenAPI's `example` and `contentMediaType` are not known to AJV.
  strict: false,
};

export const validation = fp(
  async (app) => {
    const text = formats.default(new Ajv({ ...OPTIONS, coerceTypes: 'array' }));
    const json = formats.default(new Ajv({ ...OPTIONS, coerceTypes: false }));
    const added = new Set<string>();
    app.setValidatorCompiler(({ schema, httpPart }) => {
      for (const [id, shared] of Object.entries(app.getSchemas())) {
        if (added.has(id)) continue;
        added.add(id);
        for (const ajv of [text, json]) ajv.addSchema(shared as object);
      }
      return (httpPart === 'body' ? json : text).compile(schema as object);
    });
    // An action is often sent with no body at all; that says the same as `{}`.
    app.addHook('preValidation', async (request) => {
      if (request.method === 'POST' && request.body === undefined) request.body = {};
    });
    app.addContentTypeParser(
      'application/merge-patch+json',
      { parseAs: 'string' },
      app.getDefaultJsonParser('error', 'error'),
    );
  },
  { name: 'validation' },
);
