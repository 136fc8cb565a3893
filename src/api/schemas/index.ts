/** The named schemas: components of the OpenAPI document, referred to with `ref`. */
import { AuditEntry } from './audit.ts';
import { Blob } from './blob.ts';
import type { Named } from './common.ts';
import { Drain } from './drain.ts';
import { CreatedEnrolmentToken } from './enrolment.ts';
import { Event } from './event.ts';
import { Fingerprint, FingerprintDifference, FingerprintSummary, HostFingerprint } from './fingerprint.ts';
import { DriftedVm, FleetSummary } from './fleet.ts';
import { Host } from './host.ts';
import { Image } from './image.ts';
import { Maintenance } from './maintenance.ts';
import { Network } from './network.ts';
import { Operation } from './operation.ts';
import { Preflight, PreflightSummary } from './preflight.ts';
import { Problem } from './problem.ts';
import { PsciDiff, PsciVersionInfo } from './psci.ts';
import { PsciPolicy, PsciPolicyDryRun, PsciPolicyRevision } from './psci-policy.ts';
import { Rollout, RolloutEvent, RolloutVm } from './rollout.ts';
import { SignIn } from './sign-in.ts';
import { Snapshot } from './snapshot.ts';
import { CreatedToken, Token, Whoami } from './token.ts';
import { Firmware, NewVm, Vm, VmPatch, VmPsci } from './vm.ts';
import { Webhook, WebhookDelivery, WebhookWithSecret } from './webhook.ts';

export const namedSchemas: Named[] = [
  AuditEntry,
  Blob,
  CreatedEnrolmentToken,
  CreatedToken,
  Drain,
  DriftedVm,
  Event,
  Fingerprint,
  FingerprintDifference,
  FingerprintSummary,
  Firmware,
  FleetSummary,
  Host,
  HostFingerprint,
  Image,
  Maintenance,
  Network,
  NewVm,
  Operation,
  Preflight,
  PreflightSummary,
  Problem,
  PsciDiff,
  PsciPolicy,
  PsciPolicyDryRun,
  PsciPolicyRevision,
  PsciVersionInfo,
  Rollout,
  RolloutEvent,
  RolloutVm,
  SignIn,
  Snapshot,
  Token,
  Vm,
  VmPatch,
  VmPsci,
  Webhook,
  WebhookDelivery,
  WebhookWithSecret,
  Whoami,
];
