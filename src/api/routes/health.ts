/** For load balancers and supervisors: `/healthz` says that the process answers, `/readyz` that it can work. */
import { Type } from 'typebox';
import { readParts } from '../../control/jobs/readiness.ts';
import { Refusal } from '../../control/refusals.ts';
import { closed, Nullable } from '../schemas/common.ts';
import type { Routes } from '../types.ts';

const Status = Type.Object({ status: Type.Literal('ok') }, closed);
const Readiness = Type.Object(
  {
    status: Type.Literal('ok'),
    parts: Type.Array(
      Type.Object(
        {
          name: Type.Enum(['postgres', 'notifications']),
          status: Type.Enum(['ok', 'degraded'], {
            description: '`degraded`: requests are served, some later than they could be.',
          }),
          detail: Nullable(Type.String({ description: 'What is wrong.' })),
        },
        closed,
      ),
    ),
  },
  closed,
);
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
      config: { role: 'public', refusals: ['NOT_READY'] },
      schema: {
        operationId: 'getReadiness',
        tags: ['service'],
        summary: 'Whether requests can be served, and if not, why',
        description: "The problem's `errors` name each part that is wrong, such as `/postgres`.",
        response: { 200: Readiness },
      },
    },
    async () => {
      const parts = await readParts(app.control, READY_WITHIN_MS);
      const faults = parts.flatMap(({ name, status, detail }) =>
        status === 'ok' ? [] : [{ pointer: `/${name}`, detail: detail ?? '' }],
      );
      if (parts.some(({ status }) => status === 'failed')) {
        const detail = faults.map((fault) => fault.detail).join(' ');
        throw new Refusal('NOT_READY', detail, { retryAfter: 2, faults });
      }
      return {
        status: 'ok' as const,
        parts: parts.map(({ name, status, detail }) => ({
          name,
          status: status === 'ok' ? ('ok' as const) : ('degraded' as const),
          detail,
        })),
      };
    },
  );
};
