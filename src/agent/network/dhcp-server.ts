/**
 * Tells guests their addresses (RFC 2131). It answers the MACs of NICs that this host was given, each with the address
 * reserved for it, and nobody else.
 *
 * One socket hears what is broadcast, on whichever interface it came in; which network it belongs to is told by the MAC.
 * Each network has a socket with the host's address in it as well: that hears what clients send to their server, and
 * sends all answers, to the network's own broadcast address, so that they leave by its bridge and no other interface.
 */
import { createSocket, type Socket } from 'node:dgram';
import type { Logger } from 'pino';
import { broadcastOf, formatIpv4, gatewayOf } from '../../wire/ipv4.ts';
import { answerTo, parseRequest } from './dhcp-message.ts';
import { NetworkError } from './tools.ts';
import type { WantedNetwork } from './wanted.ts';

const SERVER_PORT = 67;
const CLIENT_PORT = 68;

interface Served {
  network: WantedNetwork;
  addresses: Map<string, number>;
  readonly socket: Socket;
}

export class DhcpServer {
  readonly #log: Logger;
  /** IPv4 addresses of DNS servers that guests can ask, read anew for each answer. */
  readonly #resolvers: () => readonly number[];
  readonly #served = new Map<string, Served>();
  #everywhere: Socket | null = null;

  constructor(log: Logger, resolvers: () => readonly number[]) {
    this.#log = log;
    this.#resolvers = resolvers;
  }

  /** Serves these networks, whose bridges have their addresses, and no others. @throws NetworkError */
  async serve(networks: readonly WantedNetwork[]): Promise<void> {
    const wanted = new Set(networks.map(({ id }) => id));
    for (const [id, { socket }] of this.#served) {
      if (wanted.has(id)) continue;
      socket.close();
      this.#served.delete(id);
    }
    if (networks.length === 0) {
      this.close();
      return;
    }
    this.#everywhere ??= await this.#open('0.0.0.0', (bytes) => {
      for (const served of this.#served.values()) this.#answer(served, bytes);
    });
    for (const network of networks) {
      const addresses = new Map(network.nics.map(({ mac, address }) => [mac, address]));
      const known = this.#served.get(network.id);
      if (known !== undefined) {
        Object.assign(known, { network, addresses });
        continue;
      }
      const socket = await this.#open(formatIpv4(gatewayOf(network.cidr)), (bytes) => {
        const served = this.#served.get(network.id);
        if (served !== undefined) this.#answer(served, bytes);
      });
      this.#served.set(network.id, { network, addresses, socket });
    }
  }

  close(): void {
    for (const { socket } of this.#served.values()) socket.close();
    this.#served.clear();
    this.#everywhere?.close();
    this.#everywhere = null;
  }

  #answer({ network, addresses, socket }: Served, bytes: Uint8Array): void {
    const request = parseRequest(bytes);
    const address = request === null ? undefined : addresses.get(request.mac);
    if (request === null || address === undefined) return;
    const { cidr, outside } = network;
    const answer = answerTo(request, { address, cidr, outside, resolvers: this.#resolvers() });
    if (answer === null) return;
    // A client that has its address hears what is sent to it; any other hears only what is sent to all.
    const target = request.ciaddr === address ? address : broadcastOf(cidr);
    socket.send(answer, CLIENT_PORT, formatIpv4(target), (error) => {
      if (error !== null) this.#log.warn({ err: error, mac: request.mac }, 'cannot tell a guest its address');
    });
  }

  async #open(address: string, onMessage: (bytes: Uint8Array) => void): Promise<Socket> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind({ address, port: SERVER_PORT, exclusive: true }, resolve);
      });
    } catch (error) {
      socket.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new NetworkError(
        `cannot serve DHCP on ${address}: ${reason}; end the program that has UDP port ${SERVER_PORT}`,
      );
    }
    socket.removeAllListeners('error');
    socket.on('error', (error) =>
      this.#log.warn({ err: error, address }, 'the DHCP socket reports an error'),
    );
    socket.setBroadcast(true);
    socket.on('message', onMessage);
    return socket;
  }
}
