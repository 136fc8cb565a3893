/** For load balancers and supervisors: `/healthz` says that the process answers, `/readyz` that it can work. */
import { Type } from 'typebox';
import { Refusal } from '../../control/refusals.ts';
import { closed } from '../schemas/common.ts';
import type { Routes } from '../types.ts';

const Status = Type.Object({ status: Type.Literal('ok') }, closed);
const READY_WITHIN_MS = 2_000;

export const healthRoutes: Routes = async (app) => {
  app.get(
    '/healthz',
    {
      config: { role: 'public' },
      schema: {
        operationId: 'getHealth',
        tags: ['service'],
        summary: 'Whether the process answers',
        response: { 200: Status },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { role: 'public' },
      schema: {
        operationId: 'getReadiness',
        tags: ['service'],
        summary: 'Whether requests can be served, and if not, why',
        response: { 200: Status },
      },
    },
    async () => {
      const answer = app.control.pool.query('SELECT 1');
      const late = new Promise<never>((_, fail) => {
        setTimeout(
          () =>
            fail(
              new Refusal('NOT_READY', `Postgres did not answer within ${READY_WITHIN_MS} ms.`, {
                retryAfter: 2,
              }),
            ),
          READY_WITHIN_MS,
        ).unref();
      });
      await Promise.race([answer, late]);
      return { status: 'ok' as const };
    },
  );
};
