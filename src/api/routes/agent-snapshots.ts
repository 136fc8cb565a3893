/** The part of the hosts' protocol that brings saved guests. */
import { Type } from 'typebox';
import { takeDisks } from '../../control/vms/migration-transfers.ts';
import { takeSnapshot } from '../../control/vms/snapshot-intake.ts';
import { DigestParams } from '../schemas/blob.ts';
import { closed, Uuid } from '../schemas/common.ts';
import { OperationParams } from '../schemas/operation.ts';
import type { Routes } from '../types.ts';
import { bodyOf } from './blobs.ts';

export const agentSnapshotRoutes: Routes = async (app) => {
  // Whatever its type is said to be, the body is bytes and is read as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.put(
    '/agent/v1/snapshots/:intentId',
    {
      config: {
        role: 'agent',
        streamsBody: true,
        refusals: ['BODY_TOO_LARGE', 'BODY_TRUNCATED', 'DIGEST_MISMATCH', 'SNAPSHOT_NOT_WANTED'],
      },
      schema: {
        operationId: 'deliverSnapshot',
        tags: ['agent'],
        summary: 'Bring a saved guest',
        description:
          'The body is the file whose digest the `saved` event told, which comes first. Taken whole or not at all; sent ' +
          'again, it changes nothing.',
        consumes: ['application/octet-stream'],
        params: Type.Object({ intentId: Uuid }, closed),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await takeSnapshot(app.control, request.agent.hostId, request.params.intentId, bodyOf(request.body));
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/agent/v1/transfers/:operationId',
    {
      config: {
        role: 'agent',
        streamsBody: true,
        refusals: ['BODY_TOO_LARGE', 'BODY_TRUNCATED', 'DIGEST_MISMATCH', 'SNAPSHOT_NOT_WANTED'],
      },
      schema: {
        operationId: 'deliverDisks',
        tags: ['agent'],
        summary: 'Bring the disks of a VM that is off and moves',
        description:
          'The body is a file of what the assignment’s `transfer` names. Taken whole or not at all; sent again, it ' +
          'changes nothing.',
        consumes: ['application/octet-stream'],
        params: OperationParams,
        querystring: DigestParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await takeDisks(app.control, request.agent.hostId, request.params.operationId, {
        digest: request.query.digest,
        source: bodyOf(request.body),
      });
      return reply.code(204).send(null);
    },
  );
};
