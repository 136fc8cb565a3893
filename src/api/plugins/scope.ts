/**
 * What a token with a scope may use (control/identity/scope.ts): below /v1/vms/:vmId what is of the VMs it reaches, elsewhere the
 * routes that declare how they keep to the scope (`config.scope`). Any other answers 404, whatever it is asked for.
 */
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isScoped, reachesOperation, reachesVm, scopeText } from '../../control/identity/scope.ts';
import type { Principal } from '../../control/identity/tokens.ts';
import { Refusal } from '../../control/refusals.ts';
import type { ScopeUse } from '../types.ts';
import { principalOf } from './auth.ts';

const VM_ROUTES = '/v1/vms/:vmId';

export const scope = fp(
  async (app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      const principal = scopedPrincipal(request);
      if (principal === null || scopeUseOf(request.routeOptions) !== null) return done();
      done(
        new Refusal(
          'OUTSIDE_SCOPE',
          `"${principal.name}" reaches VMs with the labels ${scopeText(principal.scope)} and what belongs to them, ` +
            'nothing else.',
        ),
      );
    });

    app.addHook('preHandler', (request, _reply, done) => {
      const principal = scopedPrincipal(request);
      if (principal === null) return done();
      refuseOutOfReach(request, principal).then(() => done(), done);
    });

    async function refuseOutOfReach(request: FastifyRequest, principal: Principal): Promise<void> {
      const { vmId, operationId } = request.params as { vmId?: string; operationId?: string };
      const use = scopeUseOf(request.routeOptions);
      if (use === 'vm' && !(await reachesVm(app.control, principal.scope, vmId ?? ''))) {
        throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
      }
      if (use === 'operation' && !(await reachesOperation(app.control, principal.scope, operationId ?? ''))) {
        throw new Refusal('OPERATION_NOT_FOUND', `There is no operation ${operationId}.`);
      }
    }
  },
  { name: 'scope', dependencies: ['auth'] },
);

/** How a route keeps to a scope; null: it is not for tokens that have one. */
export function scopeUseOf(route: {
  url?: string | undefined;
  config?: FastifyContextConfig;
}): ScopeUse | null {
  const { url = '', config } = route;
  return config?.scope ?? (url === VM_ROUTES || url.startsWith(`${VM_ROUTES}/`) ? 'vm' : null);
}

function scopedPrincipal(request: FastifyRequest): Principal | null {
  const principal = principalOf(request);
  return principal !== null && isScoped(principal.scope) ? principal : null;
}
