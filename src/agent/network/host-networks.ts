/**
 * The host's side of VMs' networks: a bridge for each network that a run here needs, a tap for each NIC, the packet
 * filter, and DHCP. Level-triggered: a pass compares what the runs need with what the host has and makes them alike, so
 * that it does not matter at which instruction an agent, or the host, died before.
 *
 *     look ─▶ make (down) ─▶ rules ─▶ raise ─▶ remove ─▶ DHCP
 *
 * Rules come before anything is up and go after everything is down or gone: no network is open for a moment. A pass
 * runs before a start, when the needs change, and now and then, since others may flush rules or remove interfaces.
 * Made interfaces outlive the agent as workers do; they go when no run needs them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { AssignedNic, RunSpec } from '../../wire/agent.ts';
import { parseCidr, parseIpv4 } from '../../wire/ipv4.ts';
import type { KeptRunFile } from '../../worker/protocol.ts';
import { StartError } from '../start-error.ts';
import { DhcpServer } from './dhcp-server.ts';
import { isGuestAddress, type LinkPlan, parseLinks, planLinks } from './links.ts';
import { InterfaceNames } from './names.ts';
import { hostResolvers } from './resolvers.ts';
import { ruleset } from './ruleset.ts';
import { NetworkError, tool } from './tools.ts';
import { type WantedNetwork, wantedNetworks } from './wanted.ts';

/** How often the needs are compared with those of the last pass. */
const TICK_MS = 2_000;
/** How long after a pass the next is made although nothing changed: one that went well, and one that did not. */
const LOOK_AGAIN_MS = 30_000;
const TRY_AGAIN_MS = 5_000;

const INTERFACES = '/sys/class/net';
const TUN = '/dev/net/tun';
const IP_FORWARD = '/proc/sys/net/ipv4/ip_forward';
const ipv6Switch = (name: string): string => `/proc/sys/net/ipv6/conf/${name}/disable_ipv6`;

export interface HostNetworksOptions {
  /** The agent's state directory. */
  readonly state: string;
  /** The run files of all runs that hold devices: those that have not ended, or whose worker lives. */
  readonly runs: () => readonly KeptRunFile[];
  /** Whether those are all: of a run that cannot be read nobody knows what it needs, so nothing is removed. */
  readonly complete: () => boolean;
  readonly log: Logger;
}

export class HostNetworks {
  readonly #names: InterfaceNames;
  readonly #runs: () => readonly KeptRunFile[];
  readonly #complete: () => boolean;
  readonly #log: Logger;
  readonly #dhcp: DhcpServer;
  #passes: Promise<unknown> = Promise.resolve();
  #refused: ReadonlyMap<string, string> = new Map();
  /** What the last pass made, as text; null when it did not end well. */
  #made: string | null = null;
  #lookAgainAt = 0;
  #appliedRules: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ state, runs, complete, log }: HostNetworksOptions) {
    this.#names = new InterfaceNames(resolve(state));
    this.#runs = runs;
    this.#complete = complete;
    this.#log = log;
    this.#dhcp = new DhcpServer(log, hostResolvers);
  }

  /** Begins to look after the host's networks; call it once every run has been looked at. */
  start(): void {
    const tick = (): void => void this.#tick();
    this.#timer = setInterval(tick, TICK_MS);
    tick();
  }

  /** The name of the tap that a VM's NIC has in every run. */
  tapName(vmId: string, nic: string): string {
    return this.#names.tap(vmId, nic);
  }

  /** Makes what a run needs, which is among `runs` by now. @throws StartError */
  async prepare({ nics }: RunSpec): Promise<void> {
    if (nics.length === 0) return;
    for (const nic of nics) checkNic(nic);
    try {
      await this.#pass();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      throw unavailable(error.message);
    }
    for (const { network } of nics) {
      const reason = this.#refused.get(network.id);
      if (reason !== undefined) throw unavailable(`the network ${network.name} cannot be here: ${reason}`);
    }
  }

  /** Lets go; what was made stays for the workers. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#passes.catch(() => undefined);
    this.#dhcp.close();
  }

  async #tick(): Promise<void> {
    try {
      if (this.#isDue()) await this.#pass();
    } catch (error) {
      this.#log.warn({ err: error }, 'cannot bring the networks in order, trying again');
    }
  }

  #isDue(): boolean {
    const wanted = this.#wanted();
    // Most hosts never have a guest with a NIC; nothing is run there.
    if (wanted.length === 0 && (!this.#complete() || !this.#hasInterfaces())) return false;
    const changed = this.#made !== null && JSON.stringify(wanted) !== this.#made;
    return changed || performance.now() >= this.#lookAgainAt;
  }

  #wanted(): WantedNetwork[] {
    return wantedNetworks(this.#runs(), this.#names);
  }

  /** One pass that sees what is wanted when its turn has come. */
  async #pass(): Promise<void> {
    const pass = this.#passes.catch(() => undefined).then(async () => await this.#settle());
    this.#passes = pass;
    await pass;
  }

  async #settle(): Promise<void> {
    if (this.#closed) return;
    this.#made = null;
    this.#lookAgainAt = performance.now() + TRY_AGAIN_MS;
    const wanted = this.#wanted();
    if (wanted.length > 0 && !existsSync(TUN)) {
      throw new NetworkError(`the host has no ${TUN}: load its kernel module "tun"`);
    }
    const links = parseLinks(await tool('ip', ['-json', '-details', 'address', 'show']));
    const plan = planLinks(wanted, links, this.#names);
    const served = wanted.filter(({ id }) => !plan.refused.has(id));
    await batch(plan.make);
    withoutIpv6(served);
    await this.#applyRules(ruleset(served, this.#names));
    await batch(plan.raise);
    if (served.some(({ outside }) => outside)) this.#forward();
    if (this.#complete()) await batch(plan.remove);
    await this.#dhcp.serve(served);
    this.#tell(plan);
    this.#refused = plan.refused;
    this.#made = JSON.stringify(wanted);
    this.#lookAgainAt = performance.now() + LOOK_AGAIN_MS;
  }

  /** Rules that are there already are left as they are. */
  async #applyRules(rules: string): Promise<void> {
    if (rules === this.#appliedRules && (await hasRules())) return;
    await tool('nft', ['-f', '-'], rules);
    this.#appliedRules = rules;
  }

  /** The host routes for its guests. It is never switched off again: others may have come to need it. */
  #forward(): void {
    if (readFileSync(IP_FORWARD, 'utf8').trim() === '1') return;
    writeFileSync(IP_FORWARD, '1');
    this.#log.info('switched IPv4 forwarding on for networks that lead outside');
  }

  #hasInterfaces(): boolean {
    return existsSync(INTERFACES) && readdirSync(INTERFACES).some((name) => this.#names.kind(name) !== null);
  }

  #tell({ make, remove, refused }: LinkPlan): void {
    for (const [networkId, reason] of refused) {
      if (this.#refused.get(networkId) !== reason)
        this.#log.warn({ networkId, reason }, 'cannot have a network');
    }
    if (make.length > 0 || remove.length > 0) this.#log.info({ make, remove }, 'changed network interfaces');
  }
}

/** @throws NetworkError */
async function batch(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await tool('ip', ['-batch', '-'], `${lines.join('\n')}\n`);
}

async function hasRules(): Promise<boolean> {
  const found = await tool('nft', ['-j', 'list', 'tables']);
  return ['inet', 'bridge'].every((family) =>
    new RegExp(`"family": ?"${family}", ?"name": ?"holdfast"`).test(found),
  );
}

/** Networks carry IPv4; a host that spoke IPv6 on a bridge would have an address that no rule here thinks of. */
function withoutIpv6(networks: readonly WantedNetwork[]): void {
  for (const name of networks.flatMap(({ bridge, nics }) => [bridge, ...nics.map(({ tap }) => tap)])) {
    const path = ipv6Switch(name);
    if (existsSync(path)) writeFileSync(path, '1');
  }
}

/** @throws StartError */
function checkNic({ name, network, address: text }: AssignedNic): void {
  const cidr = parseCidr(network.cidr);
  const address = parseIpv4(text);
  if (cidr === null || address === null || !isGuestAddress(cidr, address)) {
    throw unavailable(`the NIC "${name}" has the address ${text} in ${network.cidr}, which cannot be`);
  }
}

function unavailable(detail: string): StartError {
  return new StartError('NETWORK_NOT_AVAILABLE', detail);
}
