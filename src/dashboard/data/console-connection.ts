/**
 * A VM's serial console over one WebSocket: output comes, what is typed goes.
 *
 *   connecting ──▶ open ──VM off, or the log of an earlier boot is complete──▶ ended
 *       ▲           ├──the API objects──▶ refused
 *       └─back-off──┴──anything else──▶ down
 *
 * Each new connection sends the log again from its beginning (the newest 4 MiB), so `opened` clears the screen.
 */

export type ConsoleState = 'connecting' | 'open' | 'down' | 'ended' | 'refused';

export interface ConsoleListener {
  state(state: ConsoleState, why: string): void;
  /** A new connection: output begins anew. */
  opened(): void;
  output(bytes: Uint8Array): void;
}

const PROTOCOL = 'holdfast.console.v1';
/** RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const POLICY = 1008;
const RETRY_MS = { first: 1_000, most: 15_000 } as const;

export class ConsoleConnection {
  readonly #url: string;
  readonly #token: string;
  readonly #listener: ConsoleListener;
  #socket: WebSocket | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #delay: number = RETRY_MS.first;
  #closed = false;

  /** `bootId` null: the current boot, followed over resets. */
  constructor(vmId: string, bootId: string | null, token: string, listener: ConsoleListener) {
    const query = bootId === null ? '' : `?bootId=${encodeURIComponent(bootId)}`;
    const origin = location.origin.replace(/^http/, 'ws');
    this.#url = `${origin}/v1/vms/${encodeURIComponent(vmId)}/console${query}`;
    this.#token = token;
    this.#listener = listener;
  }

  open(): void {
    this.#listener.state('connecting', '');
    // A browser cannot send an Authorization header with a WebSocket; the API takes the token from here, not from the URL.
    const socket = new WebSocket(this.#url, [PROTOCOL, `holdfast.bearer.${this.#token}`]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#delay = RETRY_MS.first;
      this.#listener.opened();
      this.#listener.state('open', '');
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.#listener.output(new Uint8Array(data));
    socket.onclose = ({ code, reason }) => this.#ended(code, reason);
    this.#socket = socket;
  }

  /** Drops what is typed while the connection is not open: nobody wants it typed later. */
  type(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(new TextEncoder().encode(text));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  #ended(code: number, reason: string): void {
    if (this.#closed) return;
    if (code === NORMAL) this.#listener.state('ended', reason);
    else if (code === POLICY) this.#listener.state('refused', reason);
    else {
      this.#listener.state('down', reason);
      this.#retry = setTimeout(() => this.open(), this.#delay);
      this.#delay = Math.min(this.#delay * 2, RETRY_MS.most);
    }
  }
}
