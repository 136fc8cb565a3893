/**
 * What goes out: as its schema says, without what the schema does not name. Throws where something is missing.
 *
 * A writer is made when it is first needed, since there are hundreds, most of them for refusals, and they take as long to
 * make as all else that a process does until it listens. Equal schemas share one.
 */
import fastJsonStringify from 'fast-json-stringify';
import fp from 'fastify-plugin';
import { answerSchema } from '../answer-schema.ts';

type Write = (body: unknown) => string;

export const serialization = fp(
  async (app) => {
    const writers = new Map<string, Write>();
    app.setSerializerCompiler(({ schema }) => {
      let write: Write | null = null;
      return (body: unknown) => {
        write ??= writerOf(schema as object);
        return write(body);
      };
    });

    function writerOf(schema: object): Write {
      const plain = answerSchema(schema, app.getSchemas());
      const key = JSON.stringify(plain);
      const write = writers.get(key) ?? fastJsonStringify(plain);
      writers.set(key, write);
      return write;
    }
  },
  { name: 'serialization' },
);
