/**
 * How a route is written.
 *
 * One file in routes/ per resource, exporting a `Routes` plugin that is named in routes/index.ts:
 *
 *   export const imageRoutes: Routes = async (app) => {
 *     app.get('/v1/images/:imageId', {
 *       config: {
 *         role: 'viewer',                                // required: 'public' | 'viewer' | 'operator' | 'admin' | 'agent'
 *         scope: 'shared',                               // unless tokens with a scope may not use it (plugins/scope.ts)
 *         refusals: ['IMAGE_NOT_FOUND'],                 // its own codes, for the OpenAPI document
 *       },
 *       schema: {
 *         operationId: 'getImage', tags: ['images'], summary: 'Get an image',
 *         params: ImageParams,                           // objects with additionalProperties: false
 *         response: { 200: ref(Image) },                 // success only; problems come from `refusals`
 *       },
 *     }, async (request, reply) => { … });
 *   };
 *
 * - Handlers call functions of control/, passing `app.control`; those throw `Refusal`, which becomes a problem.
 * - `request.principal` is the token, `request.agent` the host of an `agent` route.
 * - Schemas with an `$id` are listed in schemas/index.ts and used as `ref(Schema)`: named components of the OpenAPI.
 * - Answer with `sendResource(reply, revision, body)` to set the ETag; `ifMatch(request)` is the check for a change.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Control } from '../control/control.ts';
import type { HostPrincipal } from '../control/identity/host-credentials.ts';
import type { Sessions } from '../control/identity/sessions.ts';
import type { Principal, Role } from '../control/identity/tokens.ts';
import type { RefusalCode } from '../control/refusals.ts';
import type { MeterEvents } from './metrics/events.ts';
import type { OidcClient } from './schemas/sign-in.ts';

export type Routes = FastifyPluginAsyncTypebox;

/** Who may call a route: anybody, a token of at least this role, or an enrolled host's agent. */
export type Access = 'public' | Role | 'agent';

/**
 * How a route keeps to the scope of a token: its path names a VM or an operation, which must be within reach; its handler
 * looks at `request.principal.scope`; or what it shows is everybody's.
 */
export type ScopeUse = 'vm' | 'operation' | 'filtered' | 'shared';

declare module 'fastify' {
  interface FastifyContextConfig {
    role?: Access;
    /** Without it, tokens with a scope cannot use the route, unless its path is below that of a VM. */
    scope?: ScopeUse;
    /**
     * Begins to read what the path names, while it is looked whose the token is: both go to Postgres at the same time. Shown
     * to nobody who is not let in, and must not throw.
     */
    ahead?: (request: FastifyRequest) => void;
    /** What the route itself refuses, for the OpenAPI document; what every route may is added by itself. */
    refusals?: readonly RefusalCode[];
    /** Its body is not held in memory and may take its time to arrive (plugins/body-time.ts). */
    streamsBody?: boolean;
  }
  interface FastifyInstance {
    control: Control;
    /** Aborts when the server is about to close: whoever waits or streams ends then. */
    closing: AbortSignal;
    /** Counts what a host delivered, with the answer it got. */
    meterEvents: MeterEvents;
    /** All metrics in Prometheus's text format, whose media type is `metricsType`. */
    metricsText(): Promise<string>;
    metricsType: string;
    /** Whether agents have to show a certificate of their host. */
    agentCertificates: boolean;
    /** As whom the dashboard signs in through an issuer; null: it does not. */
    oidcClient: OidcClient | null;
    /** Of clients whose answers do not end by themselves. */
    sessions: Sessions;
    /** What writes a body as its schema says. */
    writerOf(schema: object): (body: unknown) => string;
    /** Every route, with who may call it. */
    declaredRoutes: readonly RouteOptions[];
  }
  interface FastifyRequest {
    /** The caller's token. Throws on a route that is `public` or for agents. */
    principal: Principal;
    /** The calling host. Throws on every other route. */
    agent: HostPrincipal;
  }
}
