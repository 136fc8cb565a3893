/** The audit. */
import { Type } from 'typebox';
import { listAudit } from '../../control/audit.ts';
import { pageByPosition } from '../../control/page.ts';
import type { AuditEntry as AuditRow } from '../../control/prisma/client.ts';
import { AuditEntry } from '../schemas/audit.ts';
import { closed, Page, PageQuery, ref } from '../schemas/common.ts';
import type { Routes } from '../types.ts';

export const auditRoutes: Routes = async (app) => {
  app.get(
    '/v1/audit',
    {
      config: { role: 'admin', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listAudit',
        tags: ['audit'],
        summary: 'List what clients changed or tried to, newest first',
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(AuditEntry)) },
      },
    },
    async (request) => {
      const page = await pageByPosition(request.query, (part) => listAudit(app.control, part));
      return { ...page, items: page.items.map(presentEntry) };
    },
  );
};

function presentEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    address: row.address,
    method: row.method,
    path: row.path,
    status: row.status,
    requestId: row.requestId,
    override: row.override,
  };
}
