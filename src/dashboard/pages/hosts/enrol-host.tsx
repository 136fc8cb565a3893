/** Making a one-time token for a new host, with the commands that use it. */
import { Button } from '../../components/actions/button.tsx';
import { Command } from '../../components/actions/copy.tsx';
import { Exact } from '../../components/display/time.tsx';
import { Problem } from '../../components/feedback/notice.tsx';
import { useCan } from '../../data/permissions.ts';
import { useNewEnrolmentToken } from '../../data/queries.ts';

export function EnrolHost() {
  const mayEnrol = useCan('admin');
  const token = useNewEnrolmentToken();
  if (!mayEnrol) return <p>Somebody with the role admin makes such a token.</p>;
  return (
    <>
      {token.data === undefined ? (
        <Button onClick={() => token.mutate()} disabled={token.isPending}>
          Make an enrolment token
        </Button>
      ) : (
        <>
          <Command label="Commands to enrol a host" text={enrolCommands(token.data.token)} />
          <p>
            Shown this once; good until <Exact at={token.data.expiresAt} />.
          </p>
        </>
      )}
      {token.isError && <Problem error={token.error} title="No token was made" />}
    </>
  );
}

function enrolCommands(token: string): string {
  return [
    `install -m 600 /dev/stdin enrolment-token <<< '${token}'`,
    `holdfast agent --api ${location.origin} --state /var/lib/holdfast --enrolment-token-file enrolment-token`,
  ].join('\n');
}
