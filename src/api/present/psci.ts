import type { HostFingerprint } from '../../control/hosts/fingerprints.ts';
import { answeredSince, isAnswered, returnCodesAt } from '../../psci/behaviour.ts';
import { CALLS } from '../../psci/calls.ts';
import { describeAnswer, diffVersions } from '../../psci/diff.ts';
import { psciNode } from '../../psci/fdt.ts';
import { compareAtVersion, isRefused, type VersionAnswers } from '../../psci/fingerprint.ts';
import { functionId, PSCI_FUNCTION_NAMES, PSCI_FUNCTIONS } from '../../psci/functions.ts';
import { KNOWN_GUESTS } from '../../psci/guests.ts';
import { returnCodeName } from '../../psci/return-codes.ts';
import {
  comparePsciVersions,
  detectsHibernation,
  FLEET_DEFAULT,
  isInsecure,
  PSCI_VERSIONS,
  type PsciVersion,
  toRegisterValue,
} from '../../psci/versions.ts';
import type { PsciDiff, PsciVersionInfo } from '../schemas/psci.ts';

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

export function presentVersion(version: PsciVersion, hosts: number): PsciVersionInfo {
  const before = PSCI_VERSIONS[PSCI_VERSIONS.indexOf(version) - 1];
  const diff = before === undefined ? null : diffVersions(before, version);
  return {
    version,
    registerValue: hex(toRegisterValue(version)),
    insecure: isInsecure(version),
    hibernateDetection: detectsHibernation(version),
    fleetDefault: version === FLEET_DEFAULT,
    hosts,
    compatible: [...psciNode(version).compatible],
    functions: PSCI_FUNCTION_NAMES.filter((name) => isAnswered(name, version)).map((name) => ({
      name,
      ...identifiers(version, name),
      since: answeredSince(name) ?? version,
    })),
    returnCodes: returnCodesAt(version).map((value) => ({
      name: returnCodeName(value) ?? String(value),
      value,
    })),
    changes: (diff?.changes ?? []).map(({ words, source }) => ({ description: words, source })),
    consequences: (diff?.consequences ?? []).map(({ gained, source }) => ({ description: gained, source })),
    breaks: KNOWN_GUESTS.filter(({ breaksAt }) => breaksAt.includes(version)).map(presentGuest),
  };
}

/** 0.1 has identifiers of KVM's own, which its guests find in the device tree. */
function identifiers(version: PsciVersion, name: keyof typeof PSCI_FUNCTIONS) {
  const own = psciNode(version).functions[name.toLowerCase()];
  if (own !== undefined) return { id32: hex(own), id64: null };
  return {
    id32: hex(functionId(name)),
    id64: PSCI_FUNCTIONS[name].wide ? hex(functionId(name, 64)) : null,
  };
}

function presentGuest(guest: (typeof KNOWN_GUESTS)[number]): PsciDiff['breaks'][number] {
  return { ...guest, breaksAt: [...guest.breaksAt] };
}

export function presentDiff(from: PsciVersion, to: PsciVersion): PsciDiff {
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
    breaks: breaks.map(presentGuest),
  };
}

/** What a guest at `version` would see change on another host: measured, where `presentDiff` goes by the table. */
export function presentHostDiff(
  version: PsciVersion,
  from: { readonly name: string; readonly answers: VersionAnswers } & Pick<HostFingerprint, 'kernel'>,
  to: { readonly name: string; readonly answers: VersionAnswers } & Pick<HostFingerprint, 'kernel'>,
): PsciDiff {
  const compatible = [...psciNode(version).compatible];
  const [before, after] = [answeredBy(from.answers), answeredBy(to.answers)];
  return {
    from: version,
    to: version,
    appear: after.filter((name) => !before.includes(name)),
    vanish: before.filter((name) => !after.includes(name)),
    changes: compareAtVersion(version, from.answers, to.answers).map((change) => {
      const [name = change.call, ...rest] = change.call.split(' ');
      return {
        function: name,
        when: rest.join(' '),
        before: change.before,
        after: change.after,
        description: `${change.call} ${change.before} on ${from.name} and ${change.after} on ${to.name}.`,
        source: `measured on Linux ${from.kernel} and ${to.kernel}`,
      };
    }),
    compatible: { before: compatible, after: compatible },
    consequences: [],
    breaks: [],
  };
}

/** The functions that a host answers every guest with anything but NOT_SUPPORTED in some way of calling them. */
function answeredBy({ answers }: VersionAnswers): string[] {
  return PSCI_FUNCTION_NAMES.filter((name) =>
    Object.entries(answers).some(([id, answer]) => {
      const row = CALLS.get(id)?.row;
      return typeof row === 'object' && row.function === name && !isRefused(answer);
    }),
  );
}
