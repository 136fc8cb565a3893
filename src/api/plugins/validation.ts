/**
 * What may come in. Bodies are taken as they are or refused: no unknown field is dropped and no number becomes a
 * string. Query strings and path parameters are text by nature, so there "50" is a number where one is asked for.
 */
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyBodyParser } from 'fastify';
import fp from 'fastify-plugin';
import { Refusal } from '../../control/refusals.ts';

const OPTIONS: Options = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  // Errors come with their schema, for plugins/problems.ts to tell what would have been right.
  verbose: true,
  // TypeBox adds nothing that is not JSON Schema, but OpenAPI's `example` and `contentMediaType` are not known to AJV.
  strict: false,
};

/** As Fastify asks it. */
interface Validate {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** Of RFC 9562. The library's also takes `urn:uuid:…`, which Postgres does not. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const validation = fp(
  async (app) => {
    const text = newAjv({ ...OPTIONS, coerceTypes: 'array' });
    const json = newAjv({ ...OPTIONS, coerceTypes: false });
    const added = new Set<string>();
    app.setValidatorCompiler(({ schema, httpPart }) => {
      for (const [id, shared] of Object.entries(app.getSchemas())) {
        if (added.has(id)) continue;
        added.add(id);
        for (const ajv of [text, json]) ajv.addSchema(shared as object);
      }
      return compiledWhenNeeded(httpPart === 'body' ? json : text, schema as object);
    });
    app.addHook('preValidation', (request, _reply, done) => {
      // An action is often sent with no body at all; that says the same as `{}`.
      if (request.method === 'POST' && request.body === undefined) request.body = {};
      lowerCaseIds(request.params);
      lowerCaseIds(request.query);
      done();
    });

    const parse = app.getDefaultJsonParser('error', 'error');
    const parseJson: FastifyBodyParser<string> = (request, body, done) => {
      const encoding = request.headers['content-encoding'] ?? 'identity';
      if (encoding !== 'identity') {
        const detail = `Send the body as it is, without Content-Encoding (${encoding}).`;
        return done(new Refusal('UNSUPPORTED_MEDIA_TYPE', detail));
      }
      // Many clients name a content type where there is no content.
      return body.trim() === '' ? done(null, undefined) : parse(request, body, done);
    };
    // Fastify would take text for a JSON string.
    app.removeContentTypeParser('text/plain');
    app.addContentTypeParser(
      ['application/json', 'application/merge-patch+json'],
      { parseAs: 'string' },
      parseJson,
    );
  },
  { name: 'validation' },
);

/** There are hundreds, and compiling them all takes as long as much of what a process does until it listens. */
function compiledWhenNeeded(ajv: Ajv, schema: object): Validate {
  let compiled: ValidateFunction | null = null;
  const validate: Validate = (data) => {
    compiled ??= ajv.compile(schema);
    const fits = compiled(data);
    validate.errors = compiled.errors ?? null;
    return fits;
  };
  return validate;
}

function newAjv(options: Options): Ajv {
  const ajv = formats.default(new Ajv(options));
  ajv.addFormat('uuid', UUID);
  // The library's takes a leap second, for which a Date has no number.
  const { validate } = ajv.formats['date-time'] as { validate: (value: string) => boolean };
  ajv.addFormat('date-time', (value) => validate(value) && !Number.isNaN(Date.parse(value)));
  return ajv;
}

/** Ids may be written in either case; here they are compared as text, in lower case. */
function lowerCaseIds(values: unknown): void {
  const named = values as Record<string, unknown>;
  for (const [name, value] of Object.entries(named)) {
    if (typeof value === 'string' && UUID.test(value)) named[name] = value.toLowerCase();
  }
}
