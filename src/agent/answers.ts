/**
 * The API's answers as an agent reads them. Members it does not know are passed over, so that the API can be upgraded
 * before its agents; what it does know is checked. The schemas are in wire/agent.ts, and type these shapes.
 */
import type {
  Assignment,
  AssignmentsResponse,
  CONSOLE_OFFSET,
  ConsoleInputResponse,
  ConsoleResponse,
  DiskTransfer,
  EnrolResponse,
  EventsResponse,
  FingerprintResponse,
  HeartbeatResponse,
  ReportsResponse,
  RunRequest,
} from '../wire/agent.ts';
import {
  dictionary,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  open,
  type Shape,
  text,
  uuid,
} from '../wire/shape.ts';
import { digest, runSpec } from '../worker/protocol.ts';

export const enrolResponse: Shape<EnrolResponse> = open({ hostId: uuid });

export const heartbeatResponse: Shape<HeartbeatResponse> = open({
  leaseSeconds: integer(1),
  heartbeatSeconds: integer(1),
});

const runRequest: Shape<RunRequest> = open({
  operationId: uuid,
  intentId: uuid,
  kind: oneOf('stop', 'hibernate', 'kill', 'pause', 'resume', 'reset', 'snapshot'),
  timeoutSeconds: nullable(integer(1)),
  force: flag,
});

const transfer: Shape<DiskTransfer> = open({
  operationId: uuid,
  digest: nullable(digest),
  disks: list(open({ name: text, sizeMiB: integer(1), readOnly: flag })),
});

const assignment: Shape<Assignment> = open(
  {
    vmId: uuid,
    generation: integer(1),
    run: nullable(runSpec),
    requests: list(runRequest),
    deleteOperationId: nullable(uuid),
  },
  { traceparents: dictionary(text), transfer },
);

export const assignmentsResponse: Shape<AssignmentsResponse> = open({
  revision: text,
  vms: list(assignment),
});

export const fingerprintResponse: Shape<FingerprintResponse> = open({ digest: text });

export const eventsResponse: Shape<EventsResponse> = open({
  inserted: integer(),
  duplicates: integer(),
  refused: list(
    open({ index: integer(), code: oneOf('EVENT_INVALID', 'RUN_NOT_ON_THIS_HOST'), detail: text }),
  ),
});

export const reportsResponse: Shape<ReportsResponse> = open({ applied: integer(), ignored: integer() });

export const consoleResponse: Shape<ConsoleResponse> = open({ nextOffset: integer() });

/** The problem that says where a console's next piece is to start. */
export const consoleOffsetProblem = open({
  code: oneOf<typeof CONSOLE_OFFSET>('CONSOLE_OFFSET'),
  expectedOffset: integer(),
});

export const consoleInputResponse: Shape<ConsoleInputResponse> = open({
  position: text,
  inputs: list(open({ vmId: uuid, runId: uuid, data: text })),
});
