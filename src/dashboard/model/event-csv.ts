/** The columns of exported events. Pure. */
import type { FleetEvent } from '../data/types.ts';
import type { CsvColumn } from './csv.ts';

export const EVENT_COLUMNS: readonly CsvColumn<FleetEvent>[] = [
  ['observedAt', ({ observedAt }) => observedAt],
  ['recordedAt', ({ recordedAt }) => recordedAt],
  ['kind', ({ kind }) => kind],
  ['initiator', ({ initiator }) => initiator],
  ['hibernation', ({ hibernation }) => hibernation],
  ['vmId', ({ vmId }) => vmId],
  ['hostId', ({ hostId }) => hostId],
  ['bootId', ({ bootId }) => bootId],
  ['sequence', ({ sequence }) => sequence],
  ['psciVersion', ({ psci }) => psci?.version],
  ['psciFunction', ({ psci }) => psci?.function],
  ['psciType', ({ psci }) => psci?.type],
  ['psciCookie', ({ psci }) => psci?.cookie],
  ['kvmType', ({ kvm }) => kvm?.type],
  ['kvmData', ({ kvm }) => kvm?.data.join(' ')],
  ['reason', ({ reason }) => reason],
  ['intentId', ({ intentId }) => intentId],
  ['id', ({ id }) => id],
];
