/** Signing in: through the issuer that the API trusts, or with a token, which is tried on the API before it is kept. */
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../components/actions/button.tsx';
import { Notice, Problem } from '../components/feedback/notice.tsx';
import { TextField } from '../components/forms/field.tsx';
import { checkToken, readOidcClient } from '../data/api.ts';
import { statusOf } from '../data/problems.ts';
import { SIGN_IN_PATH, useSession } from '../data/session.tsx';
import type { OidcClient } from '../data/types.ts';
import icon from '../icon.svg';
import styles from './sign-in.module.css';

export function SignInPage() {
  const { endedBecause } = useSession();
  const [client, setClient] = useState<OidcClient | null>(null);
  useEffect(() => {
    document.title = 'Sign in · Holdfast';
    // Without an answer there is the token, and whoever enters one is told what is wrong.
    readOidcClient().then(setClient, () => undefined);
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <div className={styles.brand}>
          <img src={icon} alt="" width={34} height={34} />
          <h1>Holdfast</h1>
        </div>
        {endedBecause !== null && <Notice tone="warning">{endedBecause}</Notice>}
        {client !== null && <ThroughIssuer client={client} />}
        <WithToken primary={client === null} />
        <p className={styles.help}>
          The first admin token lies in <code>admin.token</code> in the service’s data directory (
          <code>.holdfast/admin.token</code> beside <code>script/server</code>). You are signed in for this
          tab only.
        </p>
      </div>
    </main>
  );
}

function ThroughIssuer({ client }: { client: OidcClient }) {
  const { signIn } = useSession();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { host } = new URL(client.issuer);

  /** Whether it succeeds or not, afterwards the page is at an address that says nothing of it. */
  async function attempt(step: () => Promise<void>) {
    setBusy(true);
    setError(null);
    try {
      await step();
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  }

  useEffect(() => {
    const query = new URLSearchParams(location.search);
    // A code is good for one try.
    if (location.pathname !== SIGN_IN_PATH || !(query.has('code') || query.has('error'))) return;
    history.replaceState(null, '', SIGN_IN_PATH);
    void attempt(async () => {
      const { finishSignIn } = await import('../data/oidc.ts');
      const grant = await finishSignIn(client, query);
      await checkToken(grant.token);
      signIn({ token: grant.token, grant });
    });
  }, [client]);

  const leave = () =>
    attempt(async () => {
      const { beginSignIn } = await import('../data/oidc.ts');
      const { pathname, search, hash } = location;
      const here = pathname === SIGN_IN_PATH ? '/' : `${pathname}${search}${hash}`;
      location.assign(await beginSignIn(client, here));
    });

  return (
    <div className={styles.form}>
      {error !== null && <Problem error={error} title="Could not sign in" />}
      {isSecureContext ? (
        <Button tone="primary" disabled={busy} onClick={() => void leave()}>
          {busy ? 'Signing in…' : `Sign in through ${host}`}
        </Button>
      ) : (
        <Notice>
          Signing in through {host} needs this page to be opened by HTTPS: browsers have no cryptography for
          others.
        </Notice>
      )}
      <p className={styles.or}>or</p>
    </div>
  );
}

function WithToken({ primary }: { primary: boolean }) {
  const { signIn } = useSession();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await checkToken(token.trim());
      if (location.pathname === SIGN_IN_PATH) history.replaceState(null, '', '/');
      signIn({ token: token.trim(), grant: null });
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  }

  const wrong = statusOf(error) === 401;
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        label="API token"
        type="password"
        name="token"
        autoComplete="off"
        spellCheck={false}
        required
        autoFocus
        value={token}
        onChange={(event) => setToken(event.target.value)}
        error={wrong ? 'This token is unknown, expired or revoked.' : null}
      />
      {error !== null && !wrong && <Problem error={error} title="Could not sign in" />}
      <Button type="submit" tone={primary ? 'primary' : 'plain'} disabled={busy || token.trim() === ''}>
        {busy ? 'Checking…' : 'Sign in'}
      </Button>
    </form>
  );
}
