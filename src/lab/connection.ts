/** The machine's end of `labd`: runs processes inside a lab host and moves files in and out. */
import { connect, type Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { FrameReader, frameKind, type LabReply, type LabRequest, sendFrame } from './wire.ts';

export interface ExecOptions {
  /** Added to the host's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The product's directory if not given. */
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** Kills the process, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface ExecResult {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A process inside a lab host. It is killed when the connection or this machine's process ends. Both outputs must be
 * read, or at least resumed: what lies unread in one holds back the other and the end.
 */
export class LabProcess {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Rejects when the connection is lost before the process ended. */
  readonly exited: Promise<ExitStatus>;
  readonly #socket: Socket;

  constructor(
    pid: number,
    socket: Socket,
    outputs: { stdout: Readable; stderr: Readable },
    exited: Promise<ExitStatus>,
  ) {
    this.pid = pid;
    this.stdout = outputs.stdout;
    this.stderr = outputs.stderr;
    this.exited = exited;
    this.#socket = socket;
    // Whoever does not await the end still must not be ended by an unhandled rejection.
    exited.catch(() => undefined);
  }

  write(input: string | Uint8Array): void {
    // An empty frame would mean the end.
    if (input.length > 0) sendFrame(this.#socket, frameKind.stdin, input);
  }

  /** Closes the process's standard input. */
  end(): void {
    sendFrame(this.#socket, frameKind.stdin, '');
  }

  /** Drops the connection, upon which the lab host kills the process. */
  disconnect(): void {
    this.#socket.destroy();
  }

  /** Sends a signal to the process and its group. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    sendFrame(this.#socket, frameKind.control, JSON.stringify({ signal }));
  }
}

/** Where `labd` answers and the secret it wants. */
export interface LabAddress {
  readonly port: number;
  readonly token: string;
}

export class LabConnection {
  readonly address: LabAddress;

  constructor(address: LabAddress) {
    this.address = address;
  }

  /** Whether `labd` answers now. */
  async answers(timeoutMs = 2_000): Promise<boolean> {
    const { socket, replies } = this.#request({});
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    try {
      return (await replies.next()).kind === 'ready';
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
      socket.destroy();
    }
  }

  /** Runs a program to its end. A code other than 0 is a result, not an error. */
  async exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const child = await this.spawn(argv, options);
    if (options.input !== undefined) child.write(options.input);
    child.end();
    const timer = setTimeout(() => child.kill(), options.timeoutMs ?? 2 ** 31 - 1);
    try {
      const [stdout, stderr, status] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        child.exited,
      ]);
      return { ...status, stdout, stderr };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts a program and gives its streams. @throws Error when the program cannot be started. */
  async spawn(
    argv: readonly string[],
    options: Omit<ExecOptions, 'input' | 'timeoutMs'> = {},
  ): Promise<LabProcess> {
    const { socket, replies, outputs } = this.#request({ argv, ...placement(options) });
    const started = expectKind(await replies.next(), 'started');
    const exited = replies.next().then((message) => {
      const { code, signal } = expectKind(message, 'exited');
      return { code, signal };
    });
    return new LabProcess(started.pid, socket, outputs, exited);
  }

  /** Starts a program that outlives this connection, its output appended to `log`. @returns its process id. */
  async service(
    argv: readonly string[],
    log: string,
    options: Omit<ExecOptions, 'input' | 'timeoutMs'> = {},
  ): Promise<number> {
    const { replies } = this.#request({ argv, log, ...placement(options) });
    return expectKind(await replies.next(), 'started').pid;
  }

  /** Writes a file inside, with its directories, by one rename. */
  async putFile(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
    const script =
      'mkdir -p "$(dirname "$1")" && cat >"$1.part" && chmod "$2" "$1.part" && mv "$1.part" "$1"';
    await this.#check(['sh', '-c', script, 'put', path, mode.toString(8)], content);
  }

  async getFile(path: string): Promise<Buffer> {
    const child = await this.spawn(['cat', path]);
    child.end();
    const [content, complaint, { code }] = await Promise.all([
      bytes(child.stdout),
      text(child.stderr),
      child.exited,
    ]);
    if (code !== 0) throw new Error(`The lab host cannot read ${path}: ${complaint.trim()}`);
    return content;
  }

  /** Sends SIGKILL to one process inside. */
  async kill9(pid: number): Promise<void> {
    await this.#check(['kill', '-9', String(pid)]);
  }

  /** Unpacks cpio archives over the host's root; what lies at `replace` is removed first. */
  async unpack(archive: Uint8Array, replace: readonly string[]): Promise<void> {
    await this.#check(['sh', '-c', 'rm -rf "$@"; cd / && cpio -idu', 'unpack', ...replace], archive);
  }

  async #check(argv: readonly string[], input?: string | Uint8Array): Promise<void> {
    const { code, stderr } = await this.exec(argv, input === undefined ? {} : { input });
    if (code !== 0) throw new Error(`In the lab host, ${argv.join(' ')} failed: ${stderr.trim()}`);
  }

  #request(request: Omit<LabRequest, 'token'>): {
    socket: Socket;
    replies: ReplyQueue;
    outputs: { stdout: Readable; stderr: Readable };
  } {
    const socket = connect(this.address.port, '127.0.0.1');
    const outputs = { stdout: new PassThrough(), stderr: new PassThrough() };
    const replies = new ReplyQueue();
    const frames = new FrameReader();
    const pass = (stream: PassThrough, payload: Buffer): void => {
      if (stream.write(payload)) return;
      socket.pause();
      stream.once('drain', () => socket.resume());
    };
    socket.on('data', (chunk: Buffer) => {
      for (const { kind, payload } of frames.push(chunk)) {
        if (kind === frameKind.stdout) pass(outputs.stdout, payload);
        else if (kind === frameKind.stderr) pass(outputs.stderr, payload);
        else replies.add(JSON.parse(payload.toString('utf8')) as LabReply);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      outputs.stdout.end();
      outputs.stderr.end();
      replies.close(new Error('The connection to the lab host was lost.'));
    });
    sendFrame(socket, frameKind.control, JSON.stringify({ token: this.address.token, ...request }));
    return { socket, replies, outputs };
  }
}

function placement(options: Pick<ExecOptions, 'env' | 'cwd'>): Pick<LabRequest, 'env' | 'cwd'> {
  return {
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  };
}

type ReplyOf<K extends LabReply['kind']> = Extract<LabReply, { kind: K }>;

function expectKind<K extends LabReply['kind']>(message: LabReply, kind: K): ReplyOf<K> {
  if (message.kind === kind) return message as ReplyOf<K>;
  throw new Error(
    message.kind === 'failed' ? message.message : `labd answered ${message.kind}, not ${kind}.`,
  );
}

/** Replies in their order, for one reader. */
class ReplyQueue {
  readonly #ready: LabReply[] = [];
  #waiting: { resolve: (message: LabReply) => void; reject: (error: Error) => void } | undefined;
  #closed: Error | undefined;

  add(message: LabReply): void {
    if (this.#waiting === undefined) this.#ready.push(message);
    else this.#waiting.resolve(message);
    this.#waiting = undefined;
  }

  close(error: Error): void {
    this.#closed = error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  next(): Promise<LabReply> {
    const message = this.#ready.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }
}

async function bytes(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function text(stream: Readable): Promise<string> {
  return (await bytes(stream)).toString('utf8');
}
