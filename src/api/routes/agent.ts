/** The hosts' own protocol (wire/agent.ts). An agent sees and touches what is its host's, nothing else. */
import { Type } from 'typebox';
import { recordEvents } from '../../control/events/event-ingest.ts';
import { applyReports } from '../../control/events/reports.ts';
import { waitForAssignments } from '../../control/hosts/assignments.ts';
import { storeFingerprint } from '../../control/hosts/fingerprints.ts';
import { renewLease } from '../../control/hosts/leases.ts';
import { enrol } from '../../control/identity/enrolment.ts';
import { announceCredential } from '../../control/identity/host-credentials.ts';
import { Refusal } from '../../control/refusals.ts';
import {
  AssignmentsResponse,
  CredentialRequest,
  EnrolRequest,
  EnrolResponse,
  EventsRequest,
  EventsResponse,
  FingerprintRequest,
  FingerprintResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  ReportsRequest,
  ReportsResponse,
} from '../../wire/agent.ts';
import { checkCertificate } from '../client-certificate.ts';
import { requestOf } from '../plugins/audit.ts';
import { closingSignal } from '../present/closing.ts';
import { closed } from '../schemas/common.ts';
import type { Routes } from '../types.ts';

export const Wait = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 60, default: 0, description: 'In seconds.' }),
);

export const agentRoutes: Routes = async (app) => {
  app.post(
    '/agent/v1/enrol',
    {
      config: {
        role: 'public',
        refusals: [
          'CLIENT_CERTIFICATE_REQUIRED',
          'ENROLMENT_TOKEN_EXPIRED',
          'ENROLMENT_TOKEN_INVALID',
          'ENROLMENT_TOKEN_USED',
          'HOST_NAME_TAKEN',
        ],
      },
      schema: {
        operationId: 'enrolHost',
        tags: ['agent'],
        summary: 'Become a host',
        description: 'The body holds the permission. Asking again with the same credential answers the same.',
        body: EnrolRequest,
        response: { 200: EnrolResponse },
      },
    },
    (request) => {
      if (app.agentCertificates) checkCertificate(request, request.body.name);
      return enrol(app.control, request.body, requestOf(request));
    },
  );

  app.post(
    '/agent/v1/credential',
    {
      config: { role: 'agent', refusals: ['CREDENTIAL_TAKEN'] },
      schema: {
        operationId: 'announceCredential',
        tags: ['agent'],
        summary: 'Announce another credential',
        description:
          "Its SHA-256. The first request that shows it makes it the host's only one; until then both are good.",
        body: CredentialRequest,
        response: { 200: EnrolResponse },
      },
    },
    async (request) => {
      const { agent, body } = request;
      await announceCredential(app.control, agent, body.credentialHash, requestOf(request));
      return { hostId: agent.hostId };
    },
  );

  app.post(
    '/agent/v1/heartbeat',
    {
      config: { role: 'agent' },
      schema: {
        operationId: 'heartbeat',
        tags: ['agent'],
        summary: "Renew the host's lease",
        body: HeartbeatRequest,
        response: { 200: HeartbeatResponse },
      },
    },
    (request) => renewLease(app.control, request.agent.hostId, request.body),
  );

  app.put(
    '/agent/v1/fingerprint',
    {
      config: { role: 'agent', refusals: ['FINGERPRINT_OF_ANOTHER_HOST'] },
      schema: {
        operationId: 'putFingerprint',
        tags: ['agent'],
        summary: "Tell what the host's KVM answers to guests",
        description: 'As measured in this boot of its kernel. As often as needed.',
        body: FingerprintRequest,
        response: { 200: FingerprintResponse },
      },
    },
    (request) => storeFingerprint(app.control, request.agent.hostId, request.body),
  );

  app.get(
    '/agent/v1/assignments',
    {
      config: { role: 'agent' },
      schema: {
        operationId: 'getAssignments',
        tags: ['agent'],
        summary: 'What the host should run',
        description:
          'At once when it differs from the revision `known`, else when it does or after `wait` seconds.',
        querystring: Type.Object(
          { known: Type.Optional(Type.String({ maxLength: 100 })), wait: Wait },
          closed,
        ),
        response: { 200: AssignmentsResponse },
      },
    },
    (request, reply) =>
      waitForAssignments(app.control, request.agent.hostId, {
        known: request.query.known ?? null,
        seconds: request.query.wait ?? 0,
        signal: closingSignal(reply),
      }),
  );

  app.post(
    '/agent/v1/events',
    {
      config: { role: 'agent' },
      // Records are checked one by one as they are taken: a single bad one must not hold up the others for ever.
      validatorCompiler: () => () => true,
      schema: {
        operationId: 'deliverEvents',
        tags: ['agent'],
        summary: 'Deliver journal records',
        description:
          'As often as needed; each is recorded once. The answer settles every record of the batch.',
        body: EventsRequest,
        response: { 200: EventsResponse },
      },
    },
    async (request) => {
      const batch = batchOf(request.body);
      const answer = await recordEvents(app.control, request.agent.hostId, batch);
      app.meterEvents(batch, answer);
      return answer;
    },
  );

  app.post(
    '/agent/v1/reports',
    {
      config: { role: 'agent' },
      schema: {
        operationId: 'deliverReports',
        tags: ['agent'],
        summary: 'Report what no event tells',
        body: ReportsRequest,
        response: { 200: ReportsResponse },
      },
    },
    (request) => applyReports(app.control, request.agent.hostId, request.body.reports),
  );
};

const MOST_RECORDS = 500;

function batchOf(body: unknown): readonly unknown[] {
  const events = typeof body === 'object' && body !== null && 'events' in body ? body.events : null;
  if (Array.isArray(events) && events.length >= 1 && events.length <= MOST_RECORDS) return events;
  throw new Refusal('VALIDATION_FAILED', `The body has "events", an array of 1 to ${MOST_RECORDS} records.`);
}
