/** What PSCI versions there are, and what a guest would see change between two, or between two hosts at one. */
import { Type } from 'typebox';
import type { Control } from '../../control/control.ts';
import { countHostsByPsci, getHost } from '../../control/hosts/hosts.ts';
import { Refusal } from '../../control/refusals.ts';
import { PSCI_VERSIONS, type PsciVersion } from '../../psci/versions.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { presentDiff, presentHostDiff, presentVersion } from '../present/psci.ts';
import { closed, ref, Uuid } from '../schemas/common.ts';
import { PsciDiff, PsciVersionInfo } from '../schemas/psci.ts';
import type { Routes } from '../types.ts';

export const psciRoutes: Routes = async (app) => {
  app.get(
    '/v1/psci/versions',
    {
      config: { role: 'viewer', scope: 'shared' },
      schema: {
        operationId: 'listPsciVersions',
        tags: ['psci'],
        summary: 'List the PSCI versions, oldest first',
        description: 'With what each brings, what changes by it, and the guests known to break at it.',
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
      config: { role: 'viewer', refusals: ['FINGERPRINT_NOT_FOUND', 'HOST_NOT_FOUND'] },
      schema: {
        operationId: 'diffPsciVersions',
        tags: ['psci'],
        summary: 'What a guest would see change between two versions, or between two hosts',
        description:
          'By `from` and `to`, two versions as Linux is known to answer at them; or by `version`, `fromHostId` and ' +
          '`toHostId`, one version as the two hosts were measured to answer at it.',
        querystring: Type.Object(
          {
            from: Type.Optional(PsciVersionSchema),
            to: Type.Optional(PsciVersionSchema),
            version: Type.Optional(PsciVersionSchema),
            fromHostId: Type.Optional(Uuid),
            toHostId: Type.Optional(Uuid),
          },
          closed,
        ),
        response: { 200: ref(PsciDiff) },
      },
    },
    async (request) => {
      const { from, to, version, fromHostId, toHostId } = request.query;
      const ofHosts = [version, fromHostId, toHostId].some((value) => value !== undefined);
      if (from !== undefined && to !== undefined && !ofHosts) return presentDiff(from, to);
      if (version === undefined || fromHostId === undefined || toHostId === undefined || from || to) {
        throw new Refusal(
          'VALIDATION_FAILED',
          'The query has either "from" and "to", two versions, or "version", "fromHostId" and "toHostId".',
        );
      }
      const measured = (hostId: string) => measuredAt(app.control, hostId, version);
      return presentHostDiff(version, await measured(fromHostId), await measured(toHostId));
    },
  );
};

async function measuredAt(control: Control, hostId: string, version: PsciVersion) {
  const { name, fingerprints } = await getHost(control, hostId);
  const { current } = fingerprints;
  const answers = current?.fingerprint.body.versions[version];
  if (current === null || answers === undefined) {
    throw new Refusal(
      'FINGERPRINT_NOT_FOUND',
      current === null
        ? `Host ${name} has not told yet what its KVM answers.`
        : `Host ${name} does not accept PSCI ${version}.`,
    );
  }
  return { name, kernel: current.kernel, answers };
}
