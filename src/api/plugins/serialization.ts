/**
 * What goes out: as its schema says, without what the schema does not name. Throws where something is missing.
 *
 * A writer is made when it is first needed, since there are hundreds, most of them for refusals, and they take as long to
 * make as all else that a process does until it listens. Equal schemas share one.
 */
import fastJsonStringify from 'fast-json-stringify';
import fp from 'fastify-plugin';
import { answerSchema } from '../answer-schema.ts';
import { Written } from '../present/written.ts';

type Write = (body: unknown) => string;

export const serialization = fp(
  async (app) => {
    const writers = new Map<string, Write>();
    app.setSerializerCompiler(({ schema }) => {
      const write = app.writerOf(schema as object);
      return (body: unknown) => (body instanceof Written ? body.json : write(body));
    });
    app.decorate('writerOf', (schema) => {
      let write: Write | null = null;
      return (body) => {
        write ??= makeWriter(schema);
        return write(body);
      };
    });

    function makeWriter(schema: object): Write {
      const plain = answerSchema(schema, app.getSchemas());
      const key = JSON.stringify(plain);
      const write = writers.get(key) ?? fastJsonStringify(plain);
      writers.set(key, write);
      return write;
    }
  },
  { name: 'serialization' },
);
