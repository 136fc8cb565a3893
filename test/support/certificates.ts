/** An authority and certificates of it, made by openssl in a directory. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

export class Authority {
  readonly certFile: string;
  readonly #directory: string;
  readonly #keyFile: string;

  static async make(directory: string, name = 'authority'): Promise<Authority> {
    const authority = new Authority(directory, name);
    const { certFile } = authority;
    await run('openssl', [
      ...['req', '-x509', ...NEW_KEY, '-days', '2', '-subj', `/CN=${name}`],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
      ...['-keyout', authority.#keyFile, '-out', certFile],
    ]);
    return authority;
  }

  private constructor(directory: string, name: string) {
    this.#directory = directory;
    this.certFile = join(directory, `${name}.crt`);
    this.#keyFile = join(directory, `${name}.key`);
  }

  /** For a server at 127.0.0.1 or a client, in files named `file`. */
  async sign(file: string, commonName: string): Promise<Certificate> {
    const [certFile, keyFile, request] = ['crt', 'key', 'csr'].map((end) =>
      join(this.#directory, `${file}.${end}`),
    ) as [string, string, string];
    const extensions = join(this.#directory, `${file}.ext`);
    await writeFile(extensions, 'subjectAltName=IP:127.0.0.1\n');
    await run('openssl', [
      'req',
      '-new',
      ...NEW_KEY,
      '-subj',
      `/CN=${commonName}`,
      '-keyout',
      keyFile,
      '-out',
      request,
    ]);
    await run('openssl', [
      ...['x509', '-req', '-in', request, '-days', '2', '-extfile', extensions],
      ...['-CA', this.certFile, '-CAkey', this.#keyFile, '-CAcreateserial', '-out', certFile],
    ]);
    return { certFile, keyFile };
  }
}
