/** Metrics of this replica, for Prometheus. Registered before whatever may answer a request, so that all are counted. */
import fp from 'fastify-plugin';
import { Registry } from 'prom-client';
import { meterEvents } from '../metrics/events.ts';
import { meterFleet } from '../metrics/fleet.ts';
import { meterProcess, nodeMetrics } from '../metrics/process.ts';
import { meterRequests } from '../metrics/requests.ts';

export const metrics = fp(
  async (app) => {
    const registry = new Registry();
    meterRequests(app, registry);
    meterProcess(app.control, registry);
    const look = meterFleet(app.control, registry);
    app.decorate('metricsType', registry.contentType);
    app.decorate('meterEvents', meterEvents(registry));
    app.decorate('metricsText', async () => {
      await look();
      return `${await registry.metrics()}${await nodeMetrics().metrics()}`;
    });
  },
  { name: 'metrics' },
);
