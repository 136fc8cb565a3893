import type { PreflightRecord, PreflightSummary as Summary } from '../../control/policies/preflights.ts';
import type { Preflight, PreflightSummary } from '../schemas/preflight.ts';

export function presentPreflightSummary({ id, createdAt, requestedBy, ...rest }: Summary): PreflightSummary {
  const { request, target, counts } = rest;
  return {
    ...{ id, requestedBy, request, counts },
    createdAt: createdAt.toISOString(),
    target: { ...target, accepted: [...target.accepted] },
  };
}

export function presentPreflight({ report, ...record }: PreflightRecord): Preflight {
  const { target, counts, hosts, vms, differences } = report;
  return {
    ...presentPreflightSummary({ ...record, target, counts }),
    hosts: hosts.map(({ id, ...host }) => ({ hostId: id, ...host })),
    vms: [...vms],
    differences: differences.map(({ words, breaks, ...difference }) => ({
      ...difference,
      words: [...words],
      breaks: [...breaks],
    })),
  };
}
