import { type Static, Type } from 'typebox';
import { DIGEST_PATTERN } from '../../control/images/blobs.ts';
import { closed, named, Timestamp } from './common.ts';

export const Digest = Type.String({
  pattern: DIGEST_PATTERN,
  description: '`sha256:` and 64 lower-case hexadecimal digits.',
});

export const DigestParams = Type.Object({ digest: Digest }, closed);

export const Blob = named(
  'Blob',
  Type.Object({ digest: Digest, sizeBytes: Type.Integer({ minimum: 0 }), createdAt: Timestamp }, closed),
);

export type Blob = Static<typeof Blob>;
