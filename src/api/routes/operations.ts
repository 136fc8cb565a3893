/** Operations: what became of asynchronous work. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { cancelOperation } from '../../control/operations/operation-cancel.ts';
import {
  listOperations,
  OPERATION_STATUSES,
  type OperationStatus,
  waitForOperation,
} from '../../control/operations/operations.ts';
import { checkIfMatch, etag } from '../plugins/conditional.ts';
import { closingSignal } from '../present/closing.ts';
import { presentOperation } from '../present/operation.ts';
import { closed, Nothing, Page, PageQuery, ref, Uuid } from '../schemas/common.ts';
import { Operation, OperationParams } from '../schemas/operation.ts';
import type { Routes } from '../types.ts';

/** A guest that is to hibernate may take minutes. */
const LONGEST_WAIT_SECONDS = 600;

export const operationRoutes: Routes = async (app) => {
  app.get(
    '/v1/operations',
    {
      config: { role: 'viewer', scope: 'filtered', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listOperations',
        tags: ['operations'],
        summary: 'List operations, newest first',
        querystring: Type.Object(
          {
            ...PageQuery,
            vmId: Type.Optional(Uuid),
            status: Type.Optional(Type.Enum(OPERATION_STATUSES)),
          },
          closed,
        ),
        response: { 200: Page(ref(Operation)) },
      },
    },
    async (request) => {
      const { vmId = null, status = null } = request.query;
      const { scope } = request.principal;
      const page = await pageById(request.query, ({ afterId, limit }) =>
        listOperations(app.control, { vmId, status, scope }, { beforeId: afterId, limit }),
      );
      return { ...page, items: page.items.map(presentOperation) };
    },
  );

  app.get(
    '/v1/operations/:operationId',
    {
      config: { role: 'viewer', scope: 'operation', refusals: ['OPERATION_NOT_FOUND'] },
      schema: {
        operationId: 'getOperation',
        tags: ['operations'],
        summary: 'Get an operation, or wait for its end',
        params: OperationParams,
        querystring: Type.Object(
          {
            wait: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: LONGEST_WAIT_SECONDS,
                default: 0,
                description:
                  'Answer when it has ended, after so many seconds at the latest. Proxies may allow less.',
              }),
            ),
          },
          closed,
        ),
        response: { 200: ref(Operation) },
      },
    },
    async (request, reply) => {
      const { operationId } = request.params;
      const operation = await waitForOperation(
        app.control,
        operationId,
        request.query.wait ?? 0,
        closingSignal(reply),
      );
      reply.header('etag', tagOf(operation));
      return presentOperation(operation);
    },
  );

  app.post(
    '/v1/operations/:operationId/cancel',
    {
      config: {
        role: 'operator',
        scope: 'operation',
        refusals: [
          'OPERATION_FINISHED',
          'OPERATION_NOT_CANCELLABLE',
          'OPERATION_NOT_FOUND',
          'PRECONDITION_FAILED',
        ],
      },
      schema: {
        operationId: 'cancelOperation',
        tags: ['operations'],
        summary: 'Take an operation back',
        description:
          'Possible while it is `pending`: its host has not been told of it. A drain can be taken back until its end: no ' +
          'more VMs are asked. A `migrate` can until its guest, saved, has left its host.',
        params: OperationParams,
        body: Nothing,
        response: { 200: ref(Operation) },
      },
    },
    async (request, reply) => {
      const operation = await cancelOperation(app.control, request.params.operationId, {
        check: (found) => checkIfMatch(request, tagOf(found)),
        by: actorOf(request.principal),
      });
      reply.header('etag', tagOf(operation));
      return presentOperation(operation);
    },
  );
};

/** Nothing of an operation changes but its status and what its end brings. */
function tagOf({ status }: { status: OperationStatus }): string {
  return etag(status);
}
