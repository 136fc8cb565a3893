/** The page: who is signed in, what is shared by everything that is shown, and which address shows what. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useEffect, useMemo } from 'react';
import { BrowserRouter, Link, Navigate, Route, Routes } from 'react-router';
import { Empty, Loading } from './components/feedback/notice.tsx';
import { ToastProvider } from './components/feedback/toast.tsx';
import { PageHead } from './components/layout/page.tsx';
import { Shell } from './components/layout/shell.tsx';
import { ApiProvider } from './data/api-context.tsx';
import { LiveProvider } from './data/live.tsx';
import { isPassing, statusOf } from './data/problems.ts';
import { SessionProvider, useSession } from './data/session.tsx';
import { EventPage } from './pages/events/event.tsx';
import { EventsPage } from './pages/events/events.tsx';
import { FleetPage } from './pages/fleet/fleet.tsx';
import {
  AuditPage,
  ComparePage,
  DriftPage,
  HostPage,
  HostsPage,
  PoliciesPage,
  PolicyNewPage,
  PolicyPage,
  PreflightPage,
  PreflightsPage,
  RolloutNewPage,
  RolloutPage,
  RolloutsPage,
} from './pages/lazily.ts';
import { SignInPage } from './pages/sign-in.tsx';
import { VmPage } from './pages/vms/vm.tsx';
import { VmNewPage } from './pages/vms/vm-new.tsx';
import { VmsPage } from './pages/vms/vms.tsx';

export function App() {
  return (
    // The page's policy refuses <style> elements; base.css has what Base UI would put in them.
    <CSPProvider disableStyleElements>
      <SessionProvider>
        <SignedInOrNot />
      </SessionProvider>
    </CSPProvider>
  );
}

function SignedInOrNot() {
  const { id, token } = useSession();
  return token === null ? <SignInPage /> : <SignedIn key={id} token={token} />;
}

function SignedIn({ token }: { token: string }) {
  const { refused } = useSession();
  // Its own for each sign-in: nothing that somebody could read is left for the next.
  const queries = useMemo(() => createQueryClient(refused), [refused]);
  useEffect(() => {
    // What the token before this one was refused.
    if (token !== '') void queries.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
  }, [queries, token]);
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider token={token}>
        <LiveProvider token={token}>
          <ToastProvider>
            <BrowserRouter>
              <Shell>
                <Suspense fallback={<Loading what="the page" />}>
                  <Routes>
                    <Route path="/" element={<FleetPage />} />
                    <Route path="/audit" element={<AuditPage />} />
                    <Route path="/drift" element={<DriftPage />} />
                    <Route path="/hosts" element={<HostsPage />} />
                    <Route path="/hosts/compare" element={<ComparePage />} />
                    <Route path="/hosts/:hostId" element={<HostPage />} />
                    <Route path="/policies" element={<PoliciesPage />} />
                    <Route path="/policies/new" element={<PolicyNewPage />} />
                    <Route path="/policies/:policyId" element={<PolicyPage />} />
                    <Route path="/preflights" element={<PreflightsPage />} />
                    <Route path="/preflights/:preflightId" element={<PreflightPage />} />
                    <Route path="/rollouts" element={<RolloutsPage />} />
                    <Route path="/rollouts/new" element={<RolloutNewPage />} />
                    <Route path="/rollouts/:rolloutId" element={<RolloutPage />} />
                    <Route path="/sign-in" element={<Navigate to="/" replace />} />
                    <Route path="/vms" element={<VmsPage />} />
                    <Route path="/vms/new" element={<VmNewPage />} />
                    <Route path="/vms/:vmId" element={<VmPage />} />
                    <Route path="/events" element={<EventsPage />} />
                    <Route path="/events/:eventId" element={<EventPage />} />
                    <Route path="*" element={<NowherePage />} />
                  </Routes>
                </Suspense>
              </Shell>
            </BrowserRouter>
          </ToastProvider>
        </LiveProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}

function NowherePage() {
  return (
    <>
      <PageHead title="Nothing here" />
      <Empty title="This address shows nothing">
        <Link to="/">To the fleet</Link>
      </Empty>
    </>
  );
}

function createQueryClient(unauthorized: () => void): QueryClient {
  const onError = (error: Error) => {
    if (statusOf(error) === 401) unauthorized();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        // A refusal stays a refusal; only a missing or a failing API is worth another try.
        retry: (failures, error) => failures < 2 && isPassing(error),
      },
    },
  });
}
