/** Failures of the kernel as errors with a name. */
import { constants } from 'node:os';

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** Numbers that callers compare with; a failed call gives them negated. */
export const {
  EADDRINUSE,
  EAGAIN,
  EBUSY,
  EEXIST,
  EINTR,
  EINVAL,
  ENODEV,
  ENOENT,
  ENOSYS,
  ENXIO,
  EOPNOTSUPP,
  ESRCH,
} = constants.errno;

/** `EINVAL` for 22; `errno 524` for a number without a name. */
export function errnoName(number: number): string {
  return names.get(number) ?? `errno ${number}`;
}

/** A system call or ioctl that the kernel refused. */
export class KvmError extends Error {
  override readonly name = 'KvmError';
  /** The call, such as `KVM_CREATE_VM`. */
  readonly call: string;
  /** Such as `EINVAL`. */
  readonly errno: string;
  readonly number: number;

  /** `advice` is a sentence that says what to do about it. */
  constructor(call: string, number: number, advice?: string) {
    const errno = errnoName(number);
    super(`${call} failed with ${errno}.${advice === undefined ? '' : ` ${advice}`}`);
    this.call = call;
    this.errno = errno;
    this.number = number;
  }
}

/** Passes a result on. @throws KvmError when it is a negated errno. */
export function check(result: number, call: string, advice?: string): number {
  if (result < 0) throw new KvmError(call, -result, advice);
  return result;
}
