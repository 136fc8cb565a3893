/** What the page itself needs to know of PSCI versions, oldest first. */
import type { PsciVersion } from './data/types.ts';

export const PSCI_VERSIONS: readonly PsciVersion[] = ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'];

export const isInsecure = (version: PsciVersion) => version.startsWith('0.');

/** From 1.3 on a guest has SYSTEM_OFF2, which says that it hibernates. */
export const detectsHibernation = (version: PsciVersion) =>
  PSCI_VERSIONS.indexOf(version) >= PSCI_VERSIONS.indexOf('1.3');
