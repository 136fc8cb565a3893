/** Rollouts: staged changes of pins. */
import { Type } from 'typebox';
import { pageById, pageByPosition } from '../../control/database/page.ts';
import { actorOf, hasRole } from '../../control/identity/tokens.ts';
import { Refusal } from '../../control/refusals.ts';
import { ROLLOUT_VM_STATES } from '../../control/rollouts/rollout-plan.ts';
import {
  actOnRollout,
  createRollout,
  getRollout,
  listRolloutEvents,
  listRollouts,
  listRolloutVms,
} from '../../control/rollouts/rollouts.ts';
import { INSECURE_OVERRIDE } from '../../control/vms/vm-patch.ts';
import { recordOverride } from '../plugins/audit.ts';
import { ifMatch, sendResource } from '../plugins/conditional.ts';
import { presentRollout, presentRolloutEvent, presentRolloutVm } from '../present/rollout.ts';
import { closed, Nothing, Page, PageQuery, ref } from '../schemas/common.ts';
import { NewRollout, Rollout, RolloutEvent, RolloutParams, RolloutVm } from '../schemas/rollout.ts';
import type { Routes } from '../types.ts';

const ACTIONS = [
  [
    'pause',
    'Begin with no more VMs',
    'What is under way goes on: a VM that was stopped is started, and judged.',
  ],
  ['resume', 'Go on with a paused rollout', ''],
  [
    'rollback',
    'Give every VM back what it had',
    'VMs that were changed go back at a cold boot: at once with `restart`, else at their next one. Also of a rollout ' +
      'that has succeeded. A request that somebody else has changed since stands.',
  ],
] as const;

export const rolloutRoutes: Routes = async (app) => {
  app.post(
    '/v1/rollouts',
    {
      config: {
        role: 'operator',
        refusals: ['PSCI_VERSION_INSECURE', 'ROLLOUT_SELECTS_NOTHING'],
      },
      schema: {
        operationId: 'createRollout',
        tags: ['rollouts'],
        summary: 'Move VMs to another pin in waves',
        description:
          'The VMs that the selector matches now, in the order of their creation. Each changes at a cold boot only. VMs ' +
          'that are hibernated, or may be, and those that go on from a snapshot are skipped and listed.',
        body: NewRollout,
        response: { 201: ref(Rollout) },
      },
    },
    async (request, reply) => {
      const { body, principal } = request;
      const health = { bootTimeoutSeconds: 300, upSeconds: 60, ...body.health };
      const probe = health.probe ?? null;
      if (probe !== null && !hasRole(principal.role, 'admin')) {
        throw new Refusal(
          'FORBIDDEN',
          'A probe has the API connect to any address; only an admin may ask for one.',
        );
      }
      const rollout = await createRollout(
        app.control,
        {
          name: body.name,
          selector: body.selector,
          to: body.to,
          waves: body.waves.map((wave) => ({ ...wave, soakSeconds: wave.soakSeconds ?? 0 })),
          maxUnavailable: body.maxUnavailable ?? 1,
          restart: body.restart ?? false,
          stopTimeoutSeconds: body.stopTimeoutSeconds ?? 60,
          health: { ...health, probe },
          failureThreshold: body.failureThreshold ?? 0,
        },
        actorOf(principal),
      );
      if (rollout.target.allowInsecure) recordOverride(request, INSECURE_OVERRIDE);
      reply.code(201).header('location', `/v1/rollouts/${rollout.id}`);
      return sendResource(reply, rollout.revision, presentRollout(rollout));
    },
  );

  app.get(
    '/v1/rollouts',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listRollouts',
        tags: ['rollouts'],
        summary: 'List rollouts, newest first',
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(Rollout)) },
      },
    },
    async (request) => {
      const page = await pageById(request.query, ({ afterId, limit }) =>
        listRollouts(app.control, { beforeId: afterId, limit }),
      );
      return { ...page, items: page.items.map(presentRollout) };
    },
  );

  app.get(
    '/v1/rollouts/:rolloutId',
    {
      config: { role: 'viewer', refusals: ['ROLLOUT_NOT_FOUND'] },
      schema: {
        operationId: 'getRollout',
        tags: ['rollouts'],
        summary: 'Get a rollout',
        params: RolloutParams,
        response: { 200: ref(Rollout) },
      },
    },
    async (request, reply) => {
      const rollout = await getRollout(app.control, request.params.rolloutId);
      return sendResource(reply, rollout.revision, presentRollout(rollout));
    },
  );

  app.get(
    '/v1/rollouts/:rolloutId/vms',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN', 'ROLLOUT_NOT_FOUND'] },
      schema: {
        operationId: 'listRolloutVms',
        tags: ['rollouts'],
        summary: 'List the VMs of a rollout, with the state of each',
        params: RolloutParams,
        querystring: Type.Object(
          { ...PageQuery, state: Type.Optional(Type.Enum(ROLLOUT_VM_STATES)) },
          closed,
        ),
        response: { 200: Page(ref(RolloutVm)) },
      },
    },
    async (request) => {
      const { rolloutId } = request.params;
      await getRollout(app.control, rolloutId);
      const { state = null } = request.query;
      const page = await pageById(request.query, (part) =>
        listRolloutVms(app.control, rolloutId, state, part),
      );
      return { ...page, items: page.items.map(presentRolloutVm) };
    },
  );

  app.get(
    '/v1/rollouts/:rolloutId/events',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN', 'ROLLOUT_NOT_FOUND'] },
      schema: {
        operationId: 'listRolloutEvents',
        tags: ['rollouts'],
        summary: 'List what a rollout has done, newest first',
        description:
          "Beside them, the guests' own events have the initiator `policy`, and the operations `requestedBy` " +
          '`rollout:<id>`.',
        params: RolloutParams,
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(RolloutEvent)) },
      },
    },
    async (request) => {
      const { rolloutId } = request.params;
      await getRollout(app.control, rolloutId);
      const page = await pageByPosition(request.query, (part) =>
        listRolloutEvents(app.control, rolloutId, part),
      );
      return { ...page, items: page.items.map(presentRolloutEvent) };
    },
  );

  for (const [action, summary, description] of ACTIONS) {
    app.post(
      `/v1/rollouts/:rolloutId/${action}`,
      {
        config: {
          role: 'operator',
          refusals: ['PRECONDITION_FAILED', 'ROLLOUT_NOT_FOUND', 'ROLLOUT_STATUS'],
        },
        schema: {
          operationId: { pause: 'pauseRollout', resume: 'resumeRollout', rollback: 'rollBackRollout' }[
            action
          ],
          tags: ['rollouts'],
          summary,
          description,
          params: RolloutParams,
          body: Nothing,
          response: { 200: ref(Rollout) },
        },
      },
      async (request, reply) => {
        const rollout = await actOnRollout(app.control, request.params.rolloutId, {
          ...{ action, check: ifMatch(request), by: actorOf(request.principal) },
        });
        return sendResource(reply, rollout.revision, presentRollout(rollout));
      },
    );
  }
};
