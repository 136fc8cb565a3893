/** Permission for a new host to enrol. */
import { createEnrolmentToken } from '../../control/identity/enrolment.ts';
import { ref } from '../schemas/common.ts';
import { CreatedEnrolmentToken, NewEnrolmentToken } from '../schemas/enrolment.ts';
import type { Routes } from '../types.ts';

export const enrolmentTokenRoutes: Routes = async (app) => {
  app.post(
    '/v1/enrolment-tokens',
    {
      config: { role: 'admin', refusals: ['HOST_UNKNOWN'] },
      schema: {
        operationId: 'createEnrolmentToken',
        tags: ['hosts'],
        summary: 'Let a host enrol',
        description: 'Give the token to the agent of the host (`holdfast agent --enrolment-token-file`).',
        body: NewEnrolmentToken,
        response: { 201: ref(CreatedEnrolmentToken) },
      },
    },
    async (request, reply) => {
      const { labels = {}, hostId = null, expiresInSeconds = 3_600 } = request.body;
      const { token, secret } = await createEnrolmentToken(app.control, { labels, hostId, expiresInSeconds });
      reply.code(201);
      return {
        id: token.id,
        ...{ labels, hostId },
        createdAt: token.createdAt.toISOString(),
        expiresAt: token.expiresAt.toISOString(),
        token: secret,
      };
    },
  );
};
