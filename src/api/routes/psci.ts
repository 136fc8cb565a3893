/** What PSCI versions there are, and what a guest would see change between two. */
import { Type } from 'typebox';
import { countHostsByPsci } from '../../control/hosts.ts';
import { describeAnswer, diffVersions } from '../../psci/diff.ts';
import {
  comparePsciVersions,
  detectsHibernation,
  FLEET_DEFAULT,
  isInsecure,
  PSCI_VERSIONS,
  type PsciVersion,
  toRegisterValue,
} from '../../psci/versions.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, ref } from '../schemas/common.ts';
import { PsciDiff, PsciVersionInfo } from '../schemas/psci.ts';
import type { Routes } from '../types.ts';

export const psciRoutes: Routes = async (app) => {
  app.get(
    '/v1/psci/versions',
    {
      config: { role: 'viewer' },
      schema: {
        operationId: 'listPsciVersions',
        tags: ['psci'],
        summary: 'List the PSCI versions, oldest first',
        response: { 200: Type.Object({ items: Type.Array(ref(PsciVersionInfo)) }, closed) },
      },
    },
    async () => {
      const { byVersion: hosts } = await countHostsByPsci(app.control);
      return { items: PSCI_VERSIONS.map((version) => presentVersion(version, hosts[version] ?? 0)) };
    },
  );

  app.get(
    '/v1/psci/diff',
    {
      config: { role: 'viewer' },
      schema: {
        operationId: 'diffPsciVersions',
        tags: ['psci'],
        summary: 'What a guest would see change between two versions',
        querystring: Type.Object({ from: PsciVersionSchema, to: PsciVersionSchema }, closed),
        response: { 200: ref(PsciDiff) },
      },
    },
    async (request) => presentDiff(request.query.from, request.query.to),
  );
};

function presentVersion(version: PsciVersion, hosts: number): PsciVersionInfo {
  return {
    version,
    registerValue: `0x${toRegisterValue(version).toString(16)}`,
    insecure: isInsecure(version),
    hibernateDetection: detectsHibernation(version),
    fleetDefault: version === FLEET_DEFAULT,
    hosts,
  };
}

function presentDiff(from: PsciVersion, to: PsciVersion): PsciDiff {
  const { appear, vanish, changes, compatible, consequences, breaks } = diffVersions(from, to);
  const newer = comparePsciVersions(from, to) < 0;
  return {
    from,
    to,
    appear: [...appear],
    vanish: [...vanish],
    changes: changes.map((change) => ({
      function: change.function,
      when: change.when,
      before: describeAnswer(change.before),
      after: describeAnswer(change.after),
      description: change.words,
      source: change.source,
    })),
    compatible: { before: [...compatible.before], after: [...compatible.after] },
    consequences: consequences.map(({ since, gained, lost, source }) => ({
      since,
      description: newer ? gained : lost,
      source,
    })),
    breaks: breaks.map((guest) => ({ ...guest, breaksAt: [...guest.breaksAt] })),
  };
}
