/**
 * TLS from files, and their renewal: whoever renews certificates replaces the files, and the running server takes them up
 * by itself or at SIGHUP. A pair that does not fit together is told and not taken.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';
import { ConfigError } from '../config/setting.ts';
import type { Log } from '../control/control.ts';

export interface TlsFiles {
  /** PEM: the server's certificate, then those between it and its authority. */
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM: the authority that signs agents' certificates; null: they need none. */
  readonly clientCaFile: string | null;
}

/** Not by inotify: an orchestrator replaces a link to a link (Kubernetes' secrets), which shows as no change of the file. */
const LOOK_EVERY_MS = 10_000;

/** What the files hold now. @throws ConfigError when they cannot be read or do not fit together */
export async function readTls({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<SecureContextOptions> {
  const [cert, key, ca] = await Promise.all([
    read(certFile),
    read(keyFile),
    clientCaFile === null ? null : read(clientCaFile),
  ]);
  const options: SecureContextOptions = { cert, key, minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) };
  try {
    createSecureContext(options);
  } catch (error) {
    const files = [certFile, keyFile, ...(clientCaFile === null ? [] : [clientCaFile])].join(', ');
    throw new ConfigError(`TLS cannot be served with ${files}: ${messageOf(error)}`);
  }
  return options;
}

/** For the server: certificates of clients are asked for, and looked at where one is needed (client-certificate.ts). */
export function serverOptions(context: SecureContextOptions, { clientCaFile }: TlsFiles): TlsOptions {
  return clientCaFile === null ? context : { ...context, requestCert: true, rejectUnauthorized: false };
}

/** Takes up changed files until it is closed. `known` is what the server has. */
export function watchTls(
  files: TlsFiles,
  known: SecureContextOptions,
  server: Pick<Server, 'setSecureContext'>,
  log: Log,
): { close: () => void } {
  let current = digestOf(known);
  let refused = '';
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const found = await readTls(files);
      refused = '';
      if (digestOf(found) === current) return;
      server.setSecureContext(found);
      current = digestOf(found);
      log.info({ certFile: files.certFile }, 'took up another TLS certificate');
    } catch (error) {
      // Once for each way in which it fails, not every time somebody looks.
      if (messageOf(error) !== refused)
        log.error({ err: error }, 'keeping the TLS certificate that there was');
      refused = messageOf(error);
    } finally {
      looking = false;
    }
  };
  const onHangup = (): void => void look();
  const timer = setInterval(onHangup, LOOK_EVERY_MS).unref();
  process.on('SIGHUP', onHangup);
  return {
    close: () => {
      clearInterval(timer);
      process.off('SIGHUP', onHangup);
    },
  };
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new ConfigError(`cannot read ${file}: ${messageOf(error)}`);
  });
}

function digestOf({ cert, key, ca }: SecureContextOptions): string {
  const hash = createHash('sha256');
  for (const part of [cert, key, ca ?? '']) hash.update(part as Buffer | string).update('\0');
  return hash.digest('hex');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
