/** What Prometheus scrapes. Each replica tells of itself; what it tells of the fleet is the same from each. */
import { Type } from 'typebox';
import type { Routes } from '../types.ts';

export const metricsRoutes: Routes = async (app) => {
  app.get(
    '/metrics',
    {
      config: { role: 'viewer' },
      schema: {
        operationId: 'getMetrics',
        tags: ['service'],
        summary: 'Metrics, for Prometheus',
        description:
          'In the text exposition format, version 0.0.4. Metrics of the fleet are the same from every replica; while ' +
          'Postgres is away they are missing, and `holdfast_postgres_up` is 0.',
        produces: ['text/plain'],
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => {
      reply.header('content-type', app.metricsType);
      return app.metricsText();
    },
  );
};
