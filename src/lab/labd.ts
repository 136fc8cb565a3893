/**
 * The lab host's only service: starts processes for the machine outside. Each connection carries one process; when
 * the connection ends, the process and its group are killed, so that nothing runs on for a caller that is gone. A
 * request with `log` starts a service instead, which outlives its connection.
 *
 *     request ──▶ started ──▶ stdout/stderr frames ──▶ exited
 *         └─────▶ failed
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import {
  type FrameKind,
  FrameReader,
  frameKind,
  type LabReply,
  type LabRequest,
  type LabSignal,
  labdReady,
  sendFrame,
} from './wire.ts';

/** Written by the machine into the initramfs of this boot. */
const settings = JSON.parse(readFileSync('/etc/lab.json', 'utf8')) as {
  token: string;
  port: number;
  env: Record<string, string>;
};

function reply(socket: Socket, message: LabReply): void {
  sendFrame(socket, frameKind.control, JSON.stringify(message));
}

/** Sends what a process prints, pausing it while the connection is full. */
function forward(output: Readable, socket: Socket, kind: FrameKind): void {
  output.on('data', (chunk: Buffer) => {
    if (sendFrame(socket, kind, chunk)) return;
    output.pause();
    socket.once('drain', () => output.resume());
  });
}

function startService(
  socket: Socket,
  program: string,
  args: string[],
  log: string,
  request: LabRequest,
): void {
  const file = openSync(log, 'a');
  const child = spawn(program, args, {
    cwd: request.cwd ?? '/opt/holdfast',
    env: { ...settings.env, ...request.env },
    stdio: ['ignore', file, file],
    detached: true,
  });
  closeSync(file);
  child.once('error', (error) => {
    reply(socket, { kind: 'failed', message: error.message });
    socket.end();
  });
  child.once('spawn', () => {
    reply(socket, { kind: 'started', pid: child.pid ?? 0 });
    socket.end();
  });
}

function startProcess(socket: Socket, program: string, args: string[], request: LabRequest): ChildProcess {
  const child = spawn(program, args, {
    cwd: request.cwd ?? '/opt/holdfast',
    env: { ...settings.env, ...request.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.once('spawn', () => reply(socket, { kind: 'started', pid: child.pid ?? 0 }));
  child.once('error', (error) => {
    reply(socket, { kind: 'failed', message: error.message });
    socket.end();
  });
  // The process may end without reading all of its input.
  child.stdin.on('error', () => undefined);
  forward(child.stdout, socket, frameKind.stdout);
  forward(child.stderr, socket, frameKind.stderr);
  child.once('close', (code, signal) => {
    reply(socket, { kind: 'exited', code, signal });
    socket.end();
  });
  return child;
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function serve(socket: Socket): void {
  const frames = new FrameReader();
  let child: ChildProcess | undefined;
  let authorised = false;

  const request = (message: LabRequest): void => {
    if (message.token !== settings.token) {
      socket.destroy();
      return;
    }
    authorised = true;
    const [program, ...args] = message.argv ?? [];
    if (program === undefined) {
      reply(socket, { kind: 'ready' });
      socket.end();
    } else if (message.log !== undefined) {
      startService(socket, program, args, message.log, message);
    } else {
      child = startProcess(socket, program, args, message);
    }
  };

  socket.on('data', (bytes: Buffer) => {
    try {
      for (const { kind, payload } of frames.push(bytes)) {
        if (!authorised) request(JSON.parse(payload.toString('utf8')) as LabRequest);
        else if (kind === frameKind.stdin && payload.length === 0) child?.stdin?.end();
        else if (kind === frameKind.stdin) child?.stdin?.write(payload);
        else if (child !== undefined) kill(child, (JSON.parse(payload.toString('utf8')) as LabSignal).signal);
      }
    } catch (error) {
      reply(socket, { kind: 'failed', message: error instanceof Error ? error.message : String(error) });
      socket.end();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) kill(child, 'SIGKILL');
  });
}

createServer(serve).listen(settings.port, () => console.log(labdReady));
