/** API tokens. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { createToken, deleteToken, getToken, listTokens } from '../../control/identity/tokens.ts';
import { checkIfMatch, etag, sendResource } from '../plugins/conditional.ts';
import { presentToken } from '../present/token.ts';
import { closed, Page, PageQuery, ref, Uuid } from '../schemas/common.ts';
import { CreatedToken, NewToken, Token, Whoami } from '../schemas/token.ts';
import type { Routes } from '../types.ts';

/** A token never changes; `lastUsedAt` only says what happened to it. */
const REVISION = 1;

const TokenParams = Type.Object({ tokenId: Uuid }, closed);

export const tokenRoutes: Routes = async (app) => {
  app.get(
    '/v1/whoami',
    {
      config: { role: 'viewer', scope: 'shared' },
      schema: {
        operationId: 'getWhoami',
        tags: ['tokens'],
        summary: 'Tell who asks, and what they may do',
        response: { 200: ref(Whoami) },
      },
    },
    async ({ principal }) => ({ ...principal, expiresAt: principal.expiresAt?.toISOString() ?? null }),
  );

  app.post(
    '/v1/tokens',
    {
      config: { role: 'admin', refusals: ['EXPIRY_IN_PAST'] },
      schema: {
        operationId: 'createToken',
        tags: ['tokens'],
        summary: 'Create an API token',
        description: 'The secret is in this answer and nowhere else.',
        body: NewToken,
        response: { 201: ref(CreatedToken) },
      },
    },
    async (request, reply) => {
      const { name, role, scope = {}, expiresAt } = request.body;
      const { token, secret } = await createToken(app.control, {
        ...{ name, role, scope },
        expiresAt: expiresAt == null ? null : new Date(expiresAt),
      });
      reply.code(201).header('location', `/v1/tokens/${token.id}`);
      return { ...presentToken(token), token: secret };
    },
  );

  app.get(
    '/v1/tokens',
    {
      config: { role: 'admin', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listTokens',
        tags: ['tokens'],
        summary: 'List API tokens, oldest first',
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(Token)) },
      },
    },
    async (request) => {
      const page = await pageById(request.query, (part) => listTokens(app.control, part));
      return { ...page, items: page.items.map(presentToken) };
    },
  );

  app.get(
    '/v1/tokens/:tokenId',
    {
      config: { role: 'admin', refusals: ['TOKEN_NOT_FOUND'] },
      schema: {
        operationId: 'getToken',
        tags: ['tokens'],
        summary: 'Get an API token',
        params: TokenParams,
        response: { 200: ref(Token) },
      },
    },
    async (request, reply) =>
      sendResource(reply, REVISION, presentToken(await getToken(app.control, request.params.tokenId))),
  );

  app.delete(
    '/v1/tokens/:tokenId',
    {
      config: { role: 'admin', refusals: ['TOKEN_NOT_FOUND', 'LAST_ADMIN_TOKEN', 'PRECONDITION_FAILED'] },
      schema: {
        operationId: 'deleteToken',
        tags: ['tokens'],
        summary: 'Revoke an API token',
        description: 'It is refused from the next request on.',
        params: TokenParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      checkIfMatch(request, etag(REVISION));
      await deleteToken(app.control, request.params.tokenId);
      return reply.code(204).send(null);
    },
  );
};
