/** Preflights: what a change of hosts' kernels would show to guests. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { getPreflight, listPreflights, runPreflight } from '../../control/policies/preflights.ts';
import { etag } from '../plugins/conditional.ts';
import { presentPreflight, presentPreflightSummary } from '../present/preflight.ts';
import { closed, Page, PageQuery, ref } from '../schemas/common.ts';
import { NewPreflight, Preflight, PreflightParams, PreflightSummary } from '../schemas/preflight.ts';
import type { Routes } from '../types.ts';

export const preflightRoutes: Routes = async (app) => {
  app.post(
    '/v1/preflights',
    {
      config: { role: 'operator', refusals: ['FINGERPRINT_UNKNOWN', 'HOST_UNKNOWN'] },
      schema: {
        operationId: 'createPreflight',
        tags: ['hosts'],
        summary: 'Ask what another kernel on hosts would show to their guests',
        description:
          'A verdict on every VM that is on the hosts: whether it keeps its pin, could not start, would be shown ' +
          'something else, or could not go on from hibernation. Changes nothing; the answer is kept for 90 days.',
        body: NewPreflight,
        response: { 201: ref(Preflight) },
      },
    },
    async (request, reply) => {
      const preflight = await runPreflight(app.control, request.body, actorOf(request.principal));
      reply.code(201).header('location', `/v1/preflights/${preflight.id}`).header('etag', etag(1));
      return presentPreflight(preflight);
    },
  );

  app.get(
    '/v1/preflights',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listPreflights',
        tags: ['hosts'],
        summary: 'List preflights, newest first',
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(PreflightSummary)) },
      },
    },
    async (request) => {
      const page = await pageById(request.query, ({ afterId, limit }) =>
        listPreflights(app.control, { beforeId: afterId, limit }),
      );
      return { ...page, items: page.items.map(presentPreflightSummary) };
    },
  );

  app.get(
    '/v1/preflights/:preflightId',
    {
      config: { role: 'viewer', refusals: ['PREFLIGHT_NOT_FOUND'] },
      schema: {
        operationId: 'getPreflight',
        tags: ['hosts'],
        summary: 'Get a preflight',
        params: PreflightParams,
        response: { 200: ref(Preflight) },
      },
    },
    async (request, reply) => {
      const preflight = await getPreflight(app.control, request.params.preflightId);
      // It never changes.
      reply.header('etag', etag(1));
      return presentPreflight(preflight);
    },
  );
};
