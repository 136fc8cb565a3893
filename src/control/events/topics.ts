/** Whom to wake: the names that waiters watch (see wake.ts). */

/** Any new event. */
export const EVENTS_TOPIC = 'events';

/** The operation has changed. */
export const operationTopic = (operationId: string): string => `operation:${operationId}`;

/** The operation that a topic is about; null for another topic. */
export const operationOfTopic = (topic: string): string | null =>
  topic.startsWith('operation:') ? topic.slice('operation:'.length) : null;

/** What the host should do has changed. */
export const hostTopic = (hostId: string): string => `host:${hostId}`;

/** The VM's console has more output, or its boot has ended. */
export const consoleTopic = (vmId: string): string => `console:${vmId}`;

/** Somebody typed into a console of the host's. */
export const consoleInputTopic = (hostId: string): string => `console-input:${hostId}`;

/** The host's credential was revoked. */
export const hostCredentialTopic = (hostId: string): string => `host-credential:${hostId}`;

/** The token was deleted. */
export const tokenTopic = (tokenId: string): string => `token:${tokenId}`;
