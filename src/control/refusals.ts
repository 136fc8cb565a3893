/**
 * Every refusal Holdfast gives on purpose, by its stable code. Clients match codes, so a code never changes its
 * meaning. Add yours here, in alphabetical order within its status, then `throw new Refusal(code, detail)`.
 */
import type { PlacementProblem } from './placement/placement-refusal.ts';

interface RefusalKind {
  /** The HTTP status it is told with. */
  status: number;
  /** The same for every occurrence. */
  title: string;
  /** True when the same request may succeed later unchanged; such an answer is never replayed. */
  transient?: true;
}

export const REFUSALS = {
  BODY_TRUNCATED: { status: 400, title: 'The body ended early' },
  DIGEST_MISMATCH: { status: 400, title: 'The bytes have another digest' },
  INVALID_HEADER: { status: 400, title: 'A header is not valid' },
  INVALID_JSON: { status: 400, title: 'The body is not valid JSON' },
  INVALID_PAGE_TOKEN: { status: 400, title: 'The page token is not valid' },
  INVALID_REQUEST: { status: 400, title: 'The request cannot be read' },
  VALIDATION_FAILED: { status: 400, title: 'The request does not match its schema' },

  CLIENT_CERTIFICATE_REQUIRED: { status: 401, title: "The host's certificate is needed" },
  ENROLMENT_TOKEN_EXPIRED: { status: 401, title: 'The enrolment token has expired' },
  ENROLMENT_TOKEN_INVALID: { status: 401, title: 'The enrolment token is not known' },
  UNAUTHENTICATED: { status: 401, title: 'A valid token is needed' },

  FORBIDDEN: { status: 403, title: 'The token does not allow this' },

  BLOB_NOT_FOUND: { status: 404, title: 'No such blob' },
  BOOT_NOT_FOUND: { status: 404, title: 'No such boot' },
  DRAIN_NOT_FOUND: { status: 404, title: 'No such drain' },
  CONSOLE_NOT_KEPT: { status: 410, title: 'Console no longer kept' },
  EVENT_NOT_FOUND: { status: 404, title: 'No such event' },
  FINGERPRINT_NOT_FOUND: { status: 404, title: 'No such fingerprint' },
  HOST_NOT_FOUND: { status: 404, title: 'No such host' },
  MAINTENANCE_NOT_FOUND: { status: 404, title: 'No such maintenance' },
  IMAGE_NOT_FOUND: { status: 404, title: 'No such image' },
  NETWORK_NOT_FOUND: { status: 404, title: 'No such network' },
  OPERATION_NOT_FOUND: { status: 404, title: 'No such operation' },
  OUTSIDE_SCOPE: { status: 404, title: 'Nothing here is within the scope of the token' },
  PREFLIGHT_NOT_FOUND: { status: 404, title: 'No such preflight' },
  PSCI_POLICY_NOT_FOUND: { status: 404, title: 'No such policy' },
  ROLLOUT_NOT_FOUND: { status: 404, title: 'No such rollout' },
  ROUTE_NOT_FOUND: { status: 404, title: 'No such route' },
  SNAPSHOT_NOT_FOUND: { status: 404, title: 'No such snapshot' },
  TOKEN_NOT_FOUND: { status: 404, title: 'No such token' },
  VM_NOT_FOUND: { status: 404, title: 'No such VM' },
  WEBHOOK_DELIVERY_NOT_FOUND: { status: 404, title: 'No such delivery' },
  WEBHOOK_NOT_FOUND: { status: 404, title: 'No such webhook' },

  METHOD_NOT_ALLOWED: { status: 405, title: 'The resource has no such method' },

  REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive', transient: true },

  AGENT_TOO_OLD: { status: 409, title: "The host's agent is of an earlier release", transient: true },
  CANCELLED: { status: 409, title: 'The operation was taken back' },
  CONFLICT: { status: 409, title: 'Another change came first', transient: true },
  CONSOLE_INPUT_FULL: { status: 409, title: 'The console has too much waiting input', transient: true },
  CONSOLE_OFFSET: { status: 409, title: 'The piece does not start where the stored output ends' },
  CREDENTIAL_TAKEN: { status: 409, title: 'Another host has the credential' },
  DRAIN_INCOMPLETE: { status: 409, title: 'VMs still run on the host', transient: true },
  ENROLMENT_TOKEN_USED: { status: 409, title: 'The enrolment token was used by another host' },
  FINGERPRINT_MISMATCH: {
    status: 409,
    title: 'No fitting host answers the guest as it knows',
    transient: true,
  },
  FINGERPRINT_OF_ANOTHER_HOST: { status: 409, title: 'Another host has told of that boot' },
  FIRMWARE_FEATURE_MISSING: {
    status: 409,
    title: 'No fitting host gives guests SYSTEM_SUSPEND',
    transient: true,
  },
  FIRMWARE_REGISTER_MISSING: {
    status: 409,
    title: 'No fitting host has the firmware registers',
    transient: true,
  },
  GUEST_DID_NOT_RESPOND: { status: 409, title: 'The guest did not do what it was asked', transient: true },
  GUEST_POWERED_OFF: { status: 409, title: 'The guest powered off instead' },
  HOST_DRAINING: { status: 409, title: 'The host is being drained', transient: true },
  HOST_NAME_TAKEN: { status: 409, title: 'The name is taken' },
  HOST_NOT_SILENT: { status: 409, title: 'The host is alive' },
  DISKS_NOT_LOST: { status: 409, title: 'The disks are there' },
  HOST_LOST: { status: 409, title: 'The host was declared lost' },
  HOST_UNREACHABLE: { status: 409, title: 'The host is silent', transient: true },
  IDEMPOTENCY_ANSWER_LOST: { status: 409, title: 'The request took effect, but its answer was lost' },
  IDEMPOTENCY_KEY_IN_USE: { status: 409, title: 'A request with this key is still running', transient: true },
  IMAGE_IN_USE: { status: 409, title: 'VMs use the image', transient: true },
  IMAGE_NAME_TAKEN: { status: 409, title: 'The name is taken' },
  LAST_ADMIN_TOKEN: { status: 409, title: 'The last admin token stays', transient: true },
  MAC_TAKEN: { status: 409, title: 'The MAC is taken in its network', transient: true },
  MAINTENANCE_OPEN: { status: 409, title: 'The host is under maintenance', transient: true },
  MAINTENANCE_STATUS: { status: 409, title: 'The maintenance is in no status for this', transient: true },
  NETWORK_FULL: { status: 409, title: 'The network has no address left', transient: true },
  NETWORK_IN_USE: { status: 409, title: 'VMs have NICs in the network', transient: true },
  NETWORK_NAME_TAKEN: { status: 409, title: 'The name is taken', transient: true },
  NETWORK_OVERLAPS: { status: 409, title: 'Another network has addresses of this range', transient: true },
  NO_HOST_AVAILABLE: { status: 409, title: 'No host can take the VM', transient: true },
  OPERATION_FINISHED: { status: 409, title: 'The operation has ended' },
  OPERATION_IN_PROGRESS: { status: 409, title: 'Another operation is under way', transient: true },
  OPERATION_NOT_CANCELLABLE: { status: 409, title: 'The host has the request already' },
  PREFLIGHT_OBJECTS: { status: 409, title: 'VMs could not start with that kernel', transient: true },
  PSCI_PIN_LOCKED: { status: 409, title: 'The pin cannot change now', transient: true },
  PSCI_POLICY_NAME_TAKEN: { status: 409, title: 'The name is taken', transient: true },
  PSCI_POLICY_TIE: { status: 409, title: 'Two policies would decide for one VM', transient: true },
  PSCI_VERSION_NOT_SUPPORTED: {
    status: 409,
    title: 'No fitting host accepts the PSCI version',
    transient: true,
  },
  ROLLOUT_STATUS: { status: 409, title: 'The rollout is in no status for this', transient: true },
  RUN_ENDED: { status: 409, title: 'The guest ended before the request was carried out', transient: true },
  SNAPSHOT_DAMAGED: { status: 409, title: 'The snapshot is damaged' },
  SNAPSHOT_IN_USE: { status: 409, title: 'VMs are still to go on from the snapshot', transient: true },
  SNAPSHOT_MISMATCH: { status: 409, title: 'The snapshot is of another machine' },
  SNAPSHOT_NOT_WANTED: { status: 409, title: 'No open request is behind the snapshot' },
  SNAPSHOT_PIN_FIXED: { status: 409, title: 'The firmware comes from the snapshot' },
  SUPERSEDED: { status: 409, title: 'Another operation took its place' },
  VM_ALREADY_ON_HOST: { status: 409, title: 'The VM is on that host', transient: true },
  VM_ALREADY_PAUSED: { status: 409, title: 'The VM is paused', transient: true },
  VM_ALREADY_RUNNING: { status: 409, title: 'The VM runs', transient: true },
  VM_DELETING: { status: 409, title: 'The VM is being deleted' },
  VM_HIBERNATED: { status: 409, title: 'The VM is hibernated', transient: true },
  VM_MIGRATING: { status: 409, title: 'The VM is on its way to another host', transient: true },
  VM_NAME_TAKEN: { status: 409, title: 'The name is taken', transient: true },
  VM_NOT_ON_A_HOST: { status: 409, title: 'The VM is on no host', transient: true },
  VM_NOT_PAUSED: { status: 409, title: 'The VM is not paused', transient: true },
  VM_NOT_RUNNING: { status: 409, title: 'The VM does not run', transient: true },
  VM_PAUSED: { status: 409, title: 'The VM is paused', transient: true },
  VM_RESTORING: { status: 409, title: 'The VM is still to go on from a saved state', transient: true },
  VM_RUNNING: { status: 409, title: 'The VM has a run', transient: true },
  WEBHOOK_DELIVERY_QUEUED: {
    status: 409,
    title: 'An earlier delivery of the VM comes first',
    transient: true,
  },
  WEBHOOK_DISABLED: { status: 409, title: 'The webhook is disabled', transient: true },
  WEBHOOK_LIMIT: { status: 409, title: 'There are as many webhooks as may be', transient: true },

  PRECONDITION_FAILED: { status: 412, title: 'The resource has changed', transient: true },

  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },

  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The content type is not supported' },

  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The range lies outside' },

  BLOB_UNKNOWN: { status: 422, title: 'The body names a blob that does not exist' },
  CIDR_INVALID: { status: 422, title: 'The range is not one for guests' },
  DUPLICATE_DISK_NAME: { status: 422, title: 'Two disks have one name' },
  DUPLICATE_NIC_NAME: { status: 422, title: 'Two NICs have one name' },
  DISKS_STAY: { status: 422, title: 'Disks stay on their host' },
  EXPIRY_IN_PAST: { status: 422, title: 'The expiry has passed' },
  FINGERPRINT_UNKNOWN: { status: 422, title: 'The body names a fingerprint that nobody has had' },
  FIELD_IMMUTABLE: { status: 422, title: 'The field cannot change' },
  HOST_UNKNOWN: { status: 422, title: 'The body names a host that does not exist' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The key was used for another request' },
  IMAGE_UNKNOWN: { status: 422, title: 'The body names an image that does not exist' },
  KERNEL_NOT_ARM64_IMAGE: { status: 422, title: 'The kernel is nothing that arm64 machines start' },
  MAC_INVALID: { status: 422, title: 'The MAC is not one of a NIC' },
  MEMORY_EXCEEDS_HOSTS: { status: 422, title: 'No host has that much memory' },
  NETWORK_UNKNOWN: { status: 422, title: 'The body names a network that does not exist' },
  PSCI_VERSION_INSECURE: { status: 422, title: 'The PSCI version is below the security floor' },
  PSCI_VERSION_NOT_ALLOWED: { status: 422, title: 'The policy takes no version' },
  PSCI_VERSION_REQUIRED: { status: 422, title: 'The policy needs a version' },
  ROLLOUT_SELECTS_NOTHING: { status: 422, title: 'The selector selects no VM' },
  SNAPSHOT_UNKNOWN: { status: 422, title: 'No such snapshot' },
  VCPUS_EXCEED_HOSTS: { status: 422, title: 'No host has that many vCPUs' },
  WEBHOOK_URL_REFUSED: { status: 422, title: 'Webhooks are not sent there' },

  PRECONDITION_REQUIRED: { status: 428, title: 'If-Match is needed' },

  RATE_LIMITED: { status: 429, title: 'Too many requests', transient: true },

  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },

  DASHBOARD_NOT_BUILT: { status: 503, title: 'The page has not been built', transient: true },
  DATABASE_UNAVAILABLE: { status: 503, title: 'The database cannot be reached', transient: true },
  INTERNAL: { status: 500, title: 'Something went wrong here', transient: true },
  ISSUER_UNAVAILABLE: { status: 503, title: 'The issuer of the token cannot be reached', transient: true },
  OVERLOADED: { status: 503, title: 'The service has more to do than it can', transient: true },
  NOT_READY: { status: 503, title: 'The service is not ready', transient: true },
} as const satisfies Record<string, RefusalKind>;

export type RefusalCode = keyof typeof REFUSALS;

/** One thing that is wrong; `pointer` as in `errors` of a problem. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

export class Refusal extends Error {
  readonly code: RefusalCode;
  /** Seconds after which a client may try again, told as Retry-After. */
  readonly retryAfter: number | null;
  /** JSON pointer (RFC 6901) to what is wrong in the body, where it is one member. */
  readonly pointer: string | null;
  /** Everything that is wrong, each with where it is; empty where `pointer` says it, or nothing does. */
  readonly faults: readonly Fault[];
  /** Of a VM that no host can take: the hosts by reason, and what would help. */
  readonly placement: PlacementProblem | null;

  /** `detail` is for a person: what is wrong with this request, and what to do next. */
  constructor(
    code: RefusalCode,
    detail: string,
    options: {
      cause?: unknown;
      retryAfter?: number;
      pointer?: string;
      placement?: PlacementProblem;
      faults?: readonly Fault[];
    } = {},
  ) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Refusal';
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
    this.pointer = options.pointer ?? null;
    this.placement = options.placement ?? null;
    this.faults = options.faults ?? [];
  }

  get kind(): RefusalKind {
    return REFUSALS[this.code];
  }
}
