/** Fleet policies. With `?dryRun=true` a request says what it would do and does nothing. */
import { Type } from 'typebox';
import { DEFAULT_LIMIT, pageById, pageByPosition } from '../../control/database/page.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import {
  changePolicy,
  createPolicy,
  deletePolicy,
  dryRunPolicy,
  getPolicy,
  listPolicies,
  listPolicyRevisions,
  type PolicyRequest,
} from '../../control/policies/policies.ts';
import { ifMatch, requireIfMatch, sendResource } from '../plugins/conditional.ts';
import { presentDryRun, presentPolicy, presentPolicyRevision } from '../present/psci-policy.ts';
import { closed, Page, PageQuery, ref } from '../schemas/common.ts';
import {
  NewPsciPolicy,
  PsciPolicy,
  PsciPolicyDryRun,
  PsciPolicyParams,
  PsciPolicyPatch,
  PsciPolicyRevision,
} from '../schemas/psci-policy.ts';
import type { Routes } from '../types.ts';

const CONTENT_REFUSALS = ['PSCI_POLICY_NAME_TAKEN', 'PSCI_POLICY_TIE', 'PSCI_VERSION_INSECURE'] as const;
const DRY_RUN_TEXT =
  'With `dryRun` nothing is changed, and the answer lists the VMs whose next boot would have another version and the ' +
  'hosts that could no longer run them; `limit` and `pageToken` page through the VMs.';

const DryRunQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ default: false, description: 'Says what would happen.' })),
    ...PageQuery,
  },
  closed,
);

interface Dry {
  dryRun?: boolean;
  limit?: number;
  pageToken?: string;
}

export const psciPolicyRoutes: Routes = async (app) => {
  const dryRun = async (request: PolicyRequest, query: Dry, check: (revision: number) => void) => {
    const { change, impact } = await dryRunPolicy(app.control, request, check);
    const { changes } = impact.vms;
    const page = await pageById(query, async ({ afterId, limit }) => {
      const from = afterId === null ? 0 : changes.findIndex(({ id }) => id > afterId);
      return from === -1 ? [] : changes.slice(from, from + limit);
    });
    return presentDryRun(change, impact, page, query.limit ?? DEFAULT_LIMIT);
  };

  app.post(
    '/v1/psci-policies',
    {
      config: { role: 'operator', refusals: [...CONTENT_REFUSALS, 'INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'createPsciPolicy',
        tags: ['psci'],
        summary: 'Create a fleet policy',
        description:
          'It decides at the next cold boot of each VM that it selects and that inherits its pin; no running or ' +
          `hibernated guest sees a change. ${DRY_RUN_TEXT}`,
        querystring: DryRunQuery,
        body: NewPsciPolicy,
        response: { 200: ref(PsciPolicyDryRun), 201: ref(PsciPolicy) },
      },
    },
    async (request, reply) => {
      const { name, selector, version, priority = 0, enforcement = 'enforce' } = request.body;
      const input = { name, selector, version, priority, enforcement };
      if (request.query.dryRun === true) {
        return dryRun({ kind: 'create', input }, request.query, () => undefined);
      }
      const policy = await createPolicy(app.control, input, actorOf(request.principal));
      reply.code(201).header('location', `/v1/psci-policies/${policy.id}`);
      return sendResource(reply, policy.revision, presentPolicy(policy));
    },
  );

  app.get(
    '/v1/psci-policies',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listPsciPolicies',
        tags: ['psci'],
        summary: 'List the fleet policies, oldest first',
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(PsciPolicy)) },
      },
    },
    async (request) => {
      const page = await pageById(request.query, (part) => listPolicies(app.control, part));
      return { ...page, items: page.items.map(presentPolicy) };
    },
  );

  app.get(
    '/v1/psci-policies/:policyId',
    {
      config: { role: 'viewer', refusals: ['PSCI_POLICY_NOT_FOUND'] },
      schema: {
        operationId: 'getPsciPolicy',
        tags: ['psci'],
        summary: 'Get a fleet policy',
        params: PsciPolicyParams,
        response: { 200: ref(PsciPolicy) },
      },
    },
    async (request, reply) => {
      const policy = await getPolicy(app.control, request.params.policyId);
      return sendResource(reply, policy.revision, presentPolicy(policy));
    },
  );

  app.get(
    '/v1/psci-policies/:policyId/revisions',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN', 'PSCI_POLICY_NOT_FOUND'] },
      schema: {
        operationId: 'listPsciPolicyRevisions',
        tags: ['psci'],
        summary: 'List what a fleet policy has said, newest first',
        description: 'Those of a deleted policy stay, since pins and events name them.',
        params: PsciPolicyParams,
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(PsciPolicyRevision)) },
      },
    },
    async (request) => {
      const { policyId } = request.params;
      const page = await pageByPosition(request.query, (part) =>
        listPolicyRevisions(app.control, policyId, part),
      );
      return { ...page, items: page.items.map(presentPolicyRevision) };
    },
  );

  app.patch(
    '/v1/psci-policies/:policyId',
    {
      config: {
        role: 'operator',
        refusals: [
          ...CONTENT_REFUSALS,
          'INVALID_PAGE_TOKEN',
          'PRECONDITION_FAILED',
          'PRECONDITION_REQUIRED',
          'PSCI_POLICY_NOT_FOUND',
        ],
      },
      schema: {
        operationId: 'updatePsciPolicy',
        tags: ['psci'],
        summary: 'Change a fleet policy',
        description:
          'A merge patch (RFC 7396) that makes a new revision. `If-Match` is needed, so that nobody overwrites what they ' +
          `have not seen; a dry run does without. ${DRY_RUN_TEXT}`,
        consumes: ['application/merge-patch+json'],
        params: PsciPolicyParams,
        querystring: DryRunQuery,
        body: PsciPolicyPatch,
        response: { 200: Type.Union([ref(PsciPolicy), ref(PsciPolicyDryRun)]) },
      },
    },
    async (request, reply) => {
      const { policyId } = request.params;
      if (request.query.dryRun === true) {
        return dryRun({ kind: 'change', policyId, patch: request.body }, request.query, ifMatch(request));
      }
      const by = { check: requireIfMatch(request), requestedBy: actorOf(request.principal) };
      const policy = await changePolicy(app.control, policyId, request.body, by);
      return sendResource(reply, policy.revision, presentPolicy(policy));
    },
  );

  app.delete(
    '/v1/psci-policies/:policyId',
    {
      config: {
        role: 'operator',
        refusals: ['INVALID_PAGE_TOKEN', 'PRECONDITION_FAILED', 'PSCI_POLICY_NOT_FOUND'],
      },
      schema: {
        operationId: 'deletePsciPolicy',
        tags: ['psci'],
        summary: 'Delete a fleet policy',
        description: DRY_RUN_TEXT,
        params: PsciPolicyParams,
        querystring: DryRunQuery,
        response: { 200: ref(PsciPolicyDryRun), 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { policyId } = request.params;
      if (request.query.dryRun === true) {
        return dryRun({ kind: 'delete', policyId }, request.query, ifMatch(request));
      }
      await deletePolicy(app.control, policyId, ifMatch(request));
      return reply.code(204).send(null);
    },
  );
};
