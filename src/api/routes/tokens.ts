import { createToken } from '../../control/tokens.ts';
import { presentToken } from '../present/token.ts';
import { ref } from '../schemas/common.ts';
import { CreatedToken, NewToken } from '../schemas/token.ts';
import type { Routes } from '../types.ts';

export const tokenRoutes: Routes = async (app) => {
  app.post(
    '/v1/tokens',
    {
      config: { role: 'admin' },
      schema: {
        operationId: 'createToken',
        tags: ['tokens'],
        summary: 'Create an API token',
        body: NewToken,
        response: { 201: ref(CreatedToken) },
      },
    },
    async (request, reply) => {
      const { name, role, expiresAt } = request.body;
      const { token, secret } = await createToken(app.control, {
        name,
        role,
        expiresAt: expiresAt == null ? null : new Date(expiresAt),
      });
      reply.code(201).header('location', `/v1/tokens/${token.id}`);
      return { ...presentToken(token), token: secret };
    },
  );
};
