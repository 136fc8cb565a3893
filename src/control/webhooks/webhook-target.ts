/**
 * Where webhooks may go. The API stands in a network of its own, and whoever names a URL must not reach into it: only
 * public addresses are called, by https, and those of the networks that the configuration names, by http too. What counts
 * is the address that is connected to, not the name, which may mean another one at any time.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Refusal } from '../refusals.ts';

/** RFC 4291, section 2.4: every other IPv6 address is special in some way, or not given out. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether a webhook of this protocol may be sent to `address`; `networks`: those of the configuration. */
export function mayReach(address: string, protocol: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address within IPv6 is that IPv4 address.
  const parsed = ipaddr.process(address);
  if (networks.some((network) => contains(network, parsed))) return true;
  return protocol === 'https:' && isPublic(parsed);
}

function contains(network: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  return base.kind() === address.kind() && address.match(base, bits);
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}

/** The address that a URL names without a resolver, or null. */
export function literalAddress(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? null : host;
}

/** Throws WEBHOOK_URL_REFUSED for what can be refused before a name is resolved. */
export function checkUrl(text: string, networks: readonly string[]): URL {
  const refuse = (detail: string) => new Refusal('WEBHOOK_URL_REFUSED', detail, { pointer: '/url' });
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refuse('Give an absolute URL that begins with https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('A name or password in the URL is not sent; receivers check the signature instead.');
  }
  if (url.hash !== '') throw refuse('Leave out the part after "#": it is never sent.');
  if (url.protocol === 'http:' && networks.length === 0) {
    throw refuse(
      'Give an https URL; http is for the networks in HOLDFAST_WEBHOOK_NETWORKS alone, which names none.',
    );
  }
  const address = literalAddress(url);
  if (address !== null && !mayReach(address, url.protocol, networks)) throw refuse(refusalOf(address, url));
  return url;
}

/** Why an address is not called, and what would help. */
export function refusalOf(address: string, url: URL): string {
  return url.protocol === 'http:'
    ? `${address} is called by https only: http is for the networks in HOLDFAST_WEBHOOK_NETWORKS.`
    : `${address} is not a public address. An operator of the API can allow its network in HOLDFAST_WEBHOOK_NETWORKS.`;
}
