/**
 * The C library's functions that Node does not offer. This is the only file of the project that uses koffi.
 *
 * koffi and the library are loaded by the first call in each thread, so importing this file costs nothing and works on
 * every CPU. A call that fails gives the negated errno, as system calls do, so that EINTR and EAGAIN are results and
 * not exceptions; `check` makes errors of the others. koffi reads errno per thread, right after the call.
 *
 * Addresses are plain numbers: user space on arm64 and x86-64 ends below 2^53 (at most 2^52 with large virtual
 * addresses).
 */
import { createRequire } from 'node:module';
import type Koffi from 'koffi';
import type { Ioctl } from './ioctls.ts';

/** An address in this process; the same in all its threads. */
export type Address = number;

interface Poll {
  (set: number, count: number, timeout: number): number;
  async(set: number, count: number, timeout: number, done: () => void): void;
}

interface Libc {
  readonly ioctl: (fd: number, request: number, argument: number) => number;
  readonly ioctlStruct: (fd: number, request: number, argument: ArrayBuffer) => number;
  readonly mmap: (
    address: number,
    length: number,
    prot: number,
    flags: number,
    fd: number,
    offset: number,
  ) => number;
  readonly munmap: (address: number, length: number) => number;
  readonly madvise: (address: number, length: number, advice: number) => number;
  readonly eventfd: (initial: number, flags: number) => number;
  readonly read: (fd: number, buffer: number, length: number) => number;
  readonly write: (fd: number, buffer: number, length: number) => number;
  readonly preadv: (fd: number, vectors: number, count: number, offset: number) => number;
  readonly pwritev: (fd: number, vectors: number, count: number, offset: number) => number;
  readonly getrandom: (buffer: number, length: number, flags: number) => number;
  readonly fallocate: (fd: number, mode: number, offset: number, length: number) => number;
  readonly poll: Poll;
  readonly gettid: () => number;
  readonly tgkill: (pid: number, tid: number, signal: number) => number;
  readonly pthread_sigmask: (how: number, set: ArrayBuffer, old: null) => number;
  readonly sigtimedwait: (set: ArrayBuffer, info: null, timeout: ArrayBuffer) => number;
  readonly getpagesize: () => number;
  readonly lseek: (fd: number, offset: number, whence: number) => number;
  readonly dlsym: (handle: number, name: string) => number;
  readonly clone: (entry: number, stack: number, flags: number, argument: number) => number;
  readonly ptrace: (request: number, pid: number, address: number, data: number) => number;
  readonly syscall: (number: number, a: number, b: number, c: number, d: number) => number;
  readonly waitpid: (pid: number, status: null, options: number) => number;
}

let loaded: { koffi: typeof Koffi; libc: Libc } | undefined;

function load(): { koffi: typeof Koffi; libc: Libc } {
  if (loaded !== undefined) return loaded;
  // The part of koffi for this CPU, without the part that looks for it: that takes 1 MB in each thread.
  const koffi: typeof Koffi = createRequire(import.meta.url)(`@koromix/koffi-linux-${process.arch}`);
  // Node itself is linked with the C library, so its symbols are the process's.
  const symbols = koffi.load(null);
  // `ioctl` is variadic in C; on arm64 and x86-64 Linux a third integer argument is passed the same way.
  const libc: Libc = {
    ioctl: symbols.func('ioctl', 'int', ['int', 'unsigned long', 'uintptr_t']),
    ioctlStruct: symbols.func('ioctl', 'int', ['int', 'unsigned long', 'void *']),
    mmap: symbols.func('mmap', 'intptr_t', ['uintptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']),
    munmap: symbols.func('munmap', 'int', ['uintptr_t', 'size_t']),
    madvise: symbols.func('madvise', 'int', ['uintptr_t', 'size_t', 'int']),
    eventfd: symbols.func('eventfd', 'int', ['unsigned int', 'int']),
    read: symbols.func('read', 'intptr_t', ['int', 'uintptr_t', 'size_t']),
    write: symbols.func('write', 'intptr_t', ['int', 'uintptr_t', 'size_t']),
    preadv: symbols.func('preadv', 'intptr_t', ['int', 'uintptr_t', 'int', 'int64_t']),
    pwritev: symbols.func('pwritev', 'intptr_t', ['int', 'uintptr_t', 'int', 'int64_t']),
    getrandom: symbols.func('getrandom', 'intptr_t', ['uintptr_t', 'size_t', 'unsigned int']),
    fallocate: symbols.func('fallocate', 'int', ['int', 'int', 'int64_t', 'int64_t']),
    poll: symbols.func('poll', 'int', ['uintptr_t', 'unsigned long', 'int']) as Poll,
    gettid: symbols.func('gettid', 'int', []),
    tgkill: symbols.func('tgkill', 'int', ['int', 'int', 'int']),
    pthread_sigmask: symbols.func('pthread_sigmask', 'int', ['int', 'void *', 'void *']),
    sigtimedwait: symbols.func('sigtimedwait', 'int', ['void *', 'void *', 'void *']),
    getpagesize: symbols.func('getpagesize', 'int', []),
    lseek: symbols.func('lseek', 'int64_t', ['int', 'int64_t', 'int']),
    dlsym: symbols.func('dlsym', 'uintptr_t', ['uintptr_t', 'str']),
    // `clone` and `ptrace` are variadic too; the arguments given here are all that is read.
    clone: symbols.func('clone', 'int', ['uintptr_t', 'uintptr_t', 'int', 'uintptr_t']),
    ptrace: symbols.func('ptrace', 'long', ['long', 'int', 'uintptr_t', 'uintptr_t']),
    syscall: symbols.func('syscall', 'long', ['long', 'uintptr_t', 'uintptr_t', 'uintptr_t', 'uintptr_t']),
    waitpid: symbols.func('waitpid', 'int', ['int', 'void *', 'int']),
  };
  loaded = { koffi, libc };
  return loaded;
}

/** Loads koffi now rather than at the first call. */
export function loadLibc(): void {
  load();
}

function orErrno(result: number): number {
  return result === -1 ? -load().koffi.errno() : result;
}

/**
 * An ioctl that takes a number, nothing, or the address of a structure that the caller keeps in a buffer of its own
 * for as long as it makes such calls. Any thread, except that a vCPU's ioctls belong to one thread at a time.
 */
export function ioctl(fd: number, request: Ioctl, argument: number = 0): number {
  return orErrno(load().libc.ioctl(fd, request.number, argument));
}

/**
 * An ioctl that takes a structure, whose size is in the request's number. koffi holds the buffer during the call, and
 * the kernel keeps no address of it; a buffer whose address is a field of the structure is the caller's to hold.
 * Threads as for `ioctl`.
 */
export function ioctlStruct(fd: number, request: Ioctl, argument: ArrayBuffer): number {
  return orErrno(load().libc.ioctlStruct(fd, request.number, argument));
}

const PROT_READ_WRITE = 0x3;
const MAP_SHARED = 0x1;
const MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;

/** Maps `length` bytes of a descriptor from its beginning, shared. Any thread. The mapping lasts until `munmap`. */
export function mmapShared(fd: number, length: number): Address {
  return orErrno(load().libc.mmap(0, length, PROT_READ_WRITE, MAP_SHARED, fd, 0));
}

/** Maps `length` zeroed bytes without setting swap aside. Any thread. The mapping lasts until `munmap`. */
export function mmapAnonymous(length: number): Address {
  return orErrno(load().libc.mmap(0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0));
}

/** Any thread. Every view of the range must be detached or unreachable, or its next access ends the process. */
export function munmap(address: Address, length: number): number {
  return orErrno(load().libc.munmap(address, length));
}

/** Unmap the range's pages: those of a file are read again when they are used (include/uapi/asm-generic/mman-common.h). */
export const MADV_DONTNEED = 4;
/** Ask for huge pages. */
export const MADV_HUGEPAGE = 14;
/** Leave the range out of core dumps. */
export const MADV_DONTDUMP = 16;

/** Any thread. */
export function madvise(address: Address, length: number, advice: number): number {
  return orErrno(load().libc.madvise(address, length, advice));
}

/** EFD_CLOEXEC and EFD_NONBLOCK. */
const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;

/** A new eventfd with counter 0, closed on exec; a read `waits` while the counter is 0, or fails. Any thread. */
export function eventfd(waits: boolean): number {
  return orErrno(load().libc.eventfd(0, waits ? EFD_CLOEXEC : EFD_CLOEXEC | EFD_NONBLOCK));
}

/**
 * Waits for up to `timeout` milliseconds, or for ever when it is −1, until one of `count` descriptors in an array of
 * `struct pollfd` at `set` is ready; gives how many are. The caller keeps the array. Any thread, which sleeps meanwhile.
 */
export function poll(set: Address, count: number, timeout: number): number {
  return orErrno(load().libc.poll(set, count, timeout));
}

/**
 * As `poll`, without an end and in a thread of libuv's pool, which it occupies until a descriptor is ready; the caller
 * keeps the array until then, and sees from it which one is. Resolves also when a signal or an error ends the wait.
 */
export function pollAside(set: Address, count: number): Promise<void> {
  return new Promise((resolve) => load().libc.poll.async(set, count, -1, () => resolve()));
}

/**
 * `read` and `write` of bytes at an address, which the caller keeps valid during the call. Any thread; a read may
 * block. Signals interrupt neither, as Node's handlers restart them.
 */
export function read(fd: number, address: Address, length: number): number {
  return orErrno(load().libc.read(fd, address, length));
}

/** @see read */
export function write(fd: number, address: Address, length: number): number {
  return orErrno(load().libc.write(fd, address, length));
}

/**
 * Reads from a file at `offset` into the memory that `count` structures `iovec` at `vectors` describe; gives the bytes
 * moved, which may be fewer, 0 at the end of the file. The caller keeps the vectors and what they point to valid
 * during the call. Any thread. Through addresses this takes a third of the time of `fs.readvSync` through views.
 */
export function preadv(fd: number, vectors: Address, count: number, offset: number): number {
  return orErrno(load().libc.preadv(fd, vectors, count, offset));
}

/** As `preadv`, to the file. */
export function pwritev(fd: number, vectors: Address, count: number, offset: number): number {
  return orErrno(load().libc.pwritev(fd, vectors, count, offset));
}

/**
 * Fills memory with random numbers of the kernel, which the caller keeps valid during the call; gives the bytes filled.
 * Waits only for a host that boots. Any thread. `node:crypto` would load a library into each thread that asks.
 */
export function getrandom(address: Address, length: number): number {
  return orErrno(load().libc.getrandom(address, length, 0));
}

/** Modes of `fallocate` (include/uapi/linux/falloc.h). KEEP_SIZE goes with the others. */
export const FALLOC_FL_KEEP_SIZE = 0x01;
export const FALLOC_FL_PUNCH_HOLE = 0x02;
export const FALLOC_FL_ZERO_RANGE = 0x10;

/** Changes how a range of a file is stored; no memory is involved. Any thread. */
export function fallocate(fd: number, mode: number, offset: number, length: number): number {
  return orErrno(load().libc.fallocate(fd, mode, offset, length));
}

/** The kernel's id of the calling thread. */
export function gettid(): number {
  return load().libc.gettid();
}

/** Sends a signal to one thread of this process. Any thread. −ESRCH when that thread has ended. */
export function tgkill(tid: number, signal: number): number {
  return orErrno(load().libc.tgkill(process.pid, tid, signal));
}

/** Bytes of glibc's `sigset_t`; the kernel looks at the first 8. */
const SIGSET_SIZE = 128;
const SIG_BLOCK = 0;

function signalSet(signal: number): ArrayBuffer {
  const set = new ArrayBuffer(SIGSET_SIZE);
  new DataView(set).setBigUint64(0, 1n << BigInt(signal - 1), true);
  return set;
}

/** Blocks a signal in the calling thread. glibc copies the set before it returns. */
export function blockSignal(signal: number): number {
  // pthread_sigmask returns the error number itself and leaves errno alone.
  return 0 - load().libc.pthread_sigmask(SIG_BLOCK, signalSet(signal), null);
}

/** Numbers of system calls (include/uapi/asm-generic/unistd.h; arch/x86/entry/syscalls/syscall_64.tbl). */
const TIMER_CALLS = {
  arm64: { create: 107, settime: 110, delete: 111 },
  x64: { create: 222, settime: 223, delete: 226 },
} as const;
const CLOCK_MONOTONIC = 1;
const SIGEV_THREAD_ID = 4;

function timerCalls(): (typeof TIMER_CALLS)['arm64' | 'x64'] {
  return TIMER_CALLS[process.arch === 'arm64' ? 'arm64' : 'x64'];
}

/**
 * Sends a signal to the calling thread every `milliseconds`, which should block it; gives the timer's id. As system
 * calls, for older C libraries have them in a library that nothing loads. The kernel copies both structures.
 */
export function startTimer(signal: number, milliseconds: number): number {
  const { libc } = load();
  // `struct sigevent`: the value, then i32 signo, notify and, for SIGEV_THREAD_ID, tid. The id is behind it.
  const event = new ArrayBuffer(64 + 4);
  const view = new DataView(event);
  view.setInt32(8, signal, true);
  view.setInt32(12, SIGEV_THREAD_ID, true);
  view.setInt32(16, gettid(), true);
  const at = addressOf(event);
  const { create, settime } = timerCalls();
  const made = orErrno(libc.syscall(create, CLOCK_MONOTONIC, at, at + 64, 0));
  if (made < 0) return made;
  const id = view.getInt32(64, true);
  // `struct itimerspec`: seconds and nanoseconds of the interval, then of the first time.
  const times = new BigInt64Array([
    0n,
    BigInt(milliseconds) * 1_000_000n,
    0n,
    BigInt(milliseconds) * 1_000_000n,
  ]);
  const set = orErrno(libc.syscall(settime, id, 0, addressOf(times.buffer), 0));
  if (set === 0) return id;
  stopTimer(id);
  return set;
}

/** Any thread. What the timer has sent stays pending. */
export function stopTimer(id: number): number {
  return orErrno(load().libc.syscall(timerCalls().delete, id, 0, 0, 0));
}

/**
 * Makes a function that takes a pending, blocked signal off the calling thread without waiting; −EAGAIN when there is
 * none. The buffers are made once, live in the closure and are only read by the kernel.
 */
export function signalTaker(signal: number): () => number {
  const { sigtimedwait } = load().libc;
  const set = signalSet(signal);
  /** `struct timespec`, both words 0: do not wait. */
  const noWait = new ArrayBuffer(16);
  return () => orErrno(sigtimedwait(set, null, noWait));
}

/**
 * The bytes at an address as an ArrayBuffer that does not own them: any thread, any number of times. Whoever unmaps
 * the range must detach the view first (`detach`) or be sure that its thread has ended.
 */
export function viewOf(address: Address, length: number): ArrayBuffer {
  return load().koffi.view(address, length);
}

/** Makes every access through a view a harmless miss instead of a fault. */
export function detach(view: ArrayBuffer): void {
  view.transfer(0);
}

/** Where a buffer lies; valid while the buffer is reachable, as ArrayBuffers are never moved. */
export function addressOf(buffer: ArrayBuffer): Address {
  return Number(load().koffi.address(buffer));
}

/** The host's page size in bytes. */
export function pageSize(): number {
  return load().libc.getpagesize();
}

/** Find the next data, or the next hole, of a sparse file (include/uapi/linux/fs.h). */
export const SEEK_DATA = 3;
export const SEEK_HOLE = 4;

/** Any thread; moves the descriptor's position, which nobody else relies on. −ENXIO behind the last data. */
export function lseek(fd: number, offset: number, whence: number): number {
  return orErrno(load().libc.lseek(fd, offset, whence));
}

/** PTRACE_SEIZE and PTRACE_O_EXITKILL (include/uapi/linux/ptrace.h). */
const PTRACE_SEIZE = 0x4206;
const PTRACE_O_EXITKILL = 1 << 20;
/** Wait for a child whatever signal its end sends. */
const WAIT_ALL = 0x4000_0000;
const SLEEPER_STACK = 64 * 1024;
/** Longer than any save; the sleeper's end is the end of its reader's hopes, not of its correctness. */
const SLEEPER_SECONDS = 6 * 3600;

/**
 * Makes a process that shares this one's pages copy-on-write and does nothing but sleep(3): its id, or a negated
 * errno. It ends with this process at the latest. Main thread only: the thread that traces must outlive it. The stack
 * is the sleeper's own from the first instruction, a copy of the buffer, which need live no longer than this call. Its
 * end sends no signal, so that libuv never hears of it; `endSleeper` takes it off the process table.
 */
export function cloneSleeper(): number {
  const { libc } = load();
  const sleep = libc.dlsym(0, 'sleep');
  const stack = new ArrayBuffer(SLEEPER_STACK);
  // The top, aligned to 16 bytes as the procedure call standards of arm64 and x86-64 want it.
  const top = Math.floor((addressOf(stack) + SLEEPER_STACK) / 16) * 16;
  const pid = orErrno(libc.clone(sleep, top, 0, SLEEPER_SECONDS));
  if (pid < 0) return pid;
  const traced = orErrno(libc.ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_EXITKILL));
  if (traced < 0) endSleeper(pid);
  return traced < 0 ? traced : pid;
}

/** Ends a process made by `cloneSleeper` and waits for its end. */
export function endSleeper(pid: number): void {
  process.kill(pid, 'SIGKILL');
  load().libc.waitpid(pid, null, WAIT_ALL);
}
