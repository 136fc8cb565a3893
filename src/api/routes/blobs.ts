/** Blobs: the bytes of kernels and of what they boot with, under their digest. */
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { getBlob, storeBlob } from '../../control/images/blobs.ts';
import type { Blob as BlobRow } from '../../control/prisma/client.ts';
import { Refusal } from '../../control/refusals.ts';
import { etag } from '../plugins/conditional.ts';
import { Blob, DigestParams } from '../schemas/blob.ts';
import { ref } from '../schemas/common.ts';
import type { Routes } from '../types.ts';

export const blobRoutes: Routes = async (app) => {
  // Whatever its type is said to be, the body is bytes and is read as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.put(
    '/v1/blobs/:digest',
    {
      config: {
        role: 'operator',
        streamsBody: true,
        refusals: ['DIGEST_MISMATCH', 'BODY_TRUNCATED', 'BODY_TOO_LARGE'],
      },
      schema: {
        operationId: 'putBlob',
        tags: ['images'],
        summary: 'Store bytes under their SHA-256',
        description:
          'The body is the bytes themselves. It is checked while it is received; unless it is complete and has the ' +
          'digest, nothing is stored. 200 when the bytes were there already.',
        consumes: ['application/octet-stream'],
        params: DigestParams,
        response: { 200: ref(Blob), 201: ref(Blob) },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const { blob, created } = await storeBlob(app.control, digest, bodyOf(request.body));
      reply.code(created ? 201 : 200).header('etag', etag(digest));
      if (created) reply.header('location', `/v1/blobs/${digest}`);
      return presentBlob(blob);
    },
  );

  app.head(
    '/v1/blobs/:digest',
    {
      config: { role: 'viewer', scope: 'shared', refusals: ['BLOB_NOT_FOUND'] },
      schema: {
        operationId: 'headBlob',
        tags: ['images'],
        summary: 'Whether the bytes are there',
        params: DigestParams,
        response: { 200: Type.Null({ description: '`Content-Length` has their number.' }) },
      },
    },
    async (request, reply) => {
      const blob = await getBlob(app.control, request.params.digest);
      reply
        .type('application/octet-stream')
        .headers({ etag: etag(blob.digest), 'content-length': String(blob.sizeBytes) });
      return reply.serializer(() => '').send(null);
    },
  );
};

/** The bytes of a request; a client that goes away early ends them with BODY_TRUNCATED. */
export async function* bodyOf(stream: unknown): AsyncGenerator<Uint8Array> {
  if (stream === undefined || stream === null) return;
  try {
    for await (const bytes of stream as Readable) yield bytes as Uint8Array;
  } catch (cause) {
    throw new Refusal('BODY_TRUNCATED', 'The body ended before it was complete; send it again.', { cause });
  }
}

function presentBlob(row: BlobRow): Blob {
  return { digest: row.digest, sizeBytes: Number(row.sizeBytes), createdAt: row.createdAt.toISOString() };
}
