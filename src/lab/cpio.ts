/**
 * Writes cpio archives in the "newc" format, the one the kernel unpacks as an initramfs
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Archives may follow each other in one initramfs as
 * long as each starts on a 4-byte boundary; `finish` pads to 512 bytes, which also suits compressed neighbours.
 */
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** File type bits of `c_mode` (include/uapi/linux/stat.h). */
const typeBits = { directory: 0o040000, file: 0o100000, symlink: 0o120000, character: 0o020000 } as const;

const trailer = 'TRAILER!!!';

/** Collects entries in memory and returns one archive. Every entry belongs to root; times are zero, so equal input gives equal bytes. */
export class CpioWriter {
  readonly #chunks: Buffer[] = [];
  readonly #directories = new Set<string>();
  #inode = 1;

  /** Adds a directory and, before it, each parent that is not there yet. */
  directory(path: string, mode = 0o755): this {
    const name = normalise(path);
    if (name === '' || this.#directories.has(name)) return this;
    this.#parents(name);
    this.#directories.add(name);
    this.#entry(name, typeBits.directory | mode, Buffer.alloc(0));
    return this;
  }

  file(path: string, content: Buffer | string, mode = 0o644): this {
    const name = normalise(path);
    this.#parents(name);
    this.#entry(name, typeBits.file | mode, typeof content === 'string' ? Buffer.from(content) : content);
    return this;
  }

  symlink(path: string, target: string): this {
    const name = normalise(path);
    this.#parents(name);
    this.#entry(name, typeBits.symlink | 0o777, Buffer.from(target));
    return this;
  }

  /** Adds a character device; the kernel wants `/dev/console` in the archive to give init its standard streams. */
  characterDevice(path: string, major: number, minor: number, mode = 0o600): this {
    const name = normalise(path);
    this.#parents(name);
    this.#entry(name, typeBits.character | mode, Buffer.alloc(0), major, minor);
    return this;
  }

  /** Adds a directory of the machine with everything below it; `keep` sees paths relative to it. */
  async tree(path: string, source: string, keep: (relative: string) => boolean = () => true): Promise<this> {
    const walk = async (relative: string): Promise<void> => {
      const from = join(source, relative);
      const to = join(path, relative);
      const info = await lstat(from);
      if (info.isDirectory()) {
        this.directory(to, info.mode & 0o777);
        for (const name of (await readdir(from)).sort()) {
          const child = relative === '' ? name : `${relative}/${name}`;
          if (keep(child)) await walk(child);
        }
      } else if (info.isSymbolicLink()) {
        this.symlink(to, await readlink(from));
      } else if (info.isFile()) {
        this.file(to, await readFile(from), info.mode & 0o777);
      }
    };
    await walk('');
    return this;
  }

  finish(): Buffer {
    this.#entry(trailer, 0, Buffer.alloc(0));
    return pad(Buffer.concat(this.#chunks), 512);
  }

  #parents(name: string): void {
    const slash = name.lastIndexOf('/');
    if (slash > 0) this.directory(name.slice(0, slash));
  }

  #entry(name: string, mode: number, content: Buffer, major = 0, minor = 0): void {
    const links = (mode & 0o170000) === typeBits.directory ? 2 : 1;
    const nameBytes = Buffer.from(`${name}\0`);
    const fields = [
      this.#inode,
      mode,
      0,
      0,
      links,
      0,
      content.length,
      0,
      0,
      major,
      minor,
      nameBytes.length,
      0,
    ];
    this.#inode += 1;
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
    this.#chunks.push(pad(Buffer.concat([Buffer.from(header), nameBytes]), 4), pad(content, 4));
  }
}

function normalise(path: string): string {
  return path.replace(/^\/+/, '').replace(/\/+$/, '');
}

function pad(bytes: Buffer, multiple: number): Buffer {
  const rest = bytes.length % multiple;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(multiple - rest)]);
}
