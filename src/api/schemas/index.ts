/** The named schemas: components of the OpenAPI document, referred to with `ref`. */
import { AuditEntry } from './audit.ts';
import { Blob } from './blob.ts';
import type { Named } from './common.ts';
import { FleetSummary } from './fleet.ts';
import { Host } from './host.ts';
import { Image } from './image.ts';
import { Problem } from './problem.ts';
import { PsciDiff, PsciVersionInfo } from './psci.ts';
import { CreatedToken, Token } from './token.ts';

export const namedSchemas: Named[] = [
  AuditEntry,
  Blob,
  CreatedToken,
  FleetSummary,
  Host,
  Image,
  Problem,
  PsciDiff,
  PsciVersionInfo,
  Token,
];
