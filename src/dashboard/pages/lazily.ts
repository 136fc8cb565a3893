/** Pages that are loaded when somebody goes there: the first page does not wait for them. */
import { lazy } from 'react';

export const AuditPage = lazy(() => import('./events/audit.tsx'));
export const ComparePage = lazy(() => import('./hosts/compare.tsx'));
export const DriftPage = lazy(() => import('./fleet/drift.tsx'));
export const HostPage = lazy(() => import('./hosts/host.tsx'));
export const HostsPage = lazy(() => import('./hosts/hosts.tsx'));
export const PoliciesPage = lazy(() => import('./policies/policies.tsx'));
export const PolicyNewPage = lazy(() => import('./policies/policy-new.tsx'));
export const PolicyPage = lazy(() => import('./policies/policy.tsx'));
export const PreflightPage = lazy(() => import('./preflights/preflight.tsx'));
export const PreflightsPage = lazy(() => import('./preflights/preflights.tsx'));
export const RolloutNewPage = lazy(() => import('./rollouts/rollout-new.tsx'));
export const RolloutPage = lazy(() => import('./rollouts/rollout.tsx'));
export const RolloutsPage = lazy(() => import('./rollouts/rollouts.tsx'));
