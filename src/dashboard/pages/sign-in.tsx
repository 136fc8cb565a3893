/** Signing in with a token. It is tried on the API before it is kept. */
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/field.tsx';
import { Notice, Problem } from '../components/notice.tsx';
import { checkToken } from '../data/api.ts';
import { statusOf } from '../data/problems.ts';
import { useSession } from '../data/session.tsx';
import icon from '../icon.svg';
import styles from './sign-in.module.css';

export function SignInPage() {
  const { endedBecause, signIn } = useSession();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    document.title = 'Sign in · Holdfast';
  }, []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await checkToken(token.trim());
      signIn(token.trim());
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  }

  const wrong = statusOf(error) === 401;
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <div className={styles.brand}>
          <img src={icon} alt="" width={34} height={34} />
          <h1>Holdfast</h1>
        </div>
        {endedBecause !== null && <Notice tone="warning">{endedBecause}</Notice>}
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
          <Button type="submit" tone="primary" disabled={busy || token.trim() === ''}>
            {busy ? 'Checking…' : 'Sign in'}
          </Button>
        </form>
        <p className={styles.help}>
          The first admin token lies in <code>admin.token</code> in the service’s data directory (
          <code>.holdfast/admin.token</code> beside <code>script/server</code>). A bearer token of the OpenID
          Connect issuer that the API trusts is taken as well. What you enter is kept for this tab only.
        </p>
      </div>
    </main>
  );
}
