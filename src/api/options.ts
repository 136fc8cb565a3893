/** The application's options as the configuration has them. */

import type { SecureContextOptions } from 'node:tls';
import type { AppOptions } from './app.ts';
import type { ApiConfig } from './config.ts';
import type { TokenIssuer } from './plugins/auth.ts';
import type { OidcClient } from './schemas/sign-in.ts';
import { serverOptions, type TlsFiles } from './tls.ts';

/** `tls` is what the files of `tlsFiles` hold. */
export async function appOptions(config: ApiConfig, tls: SecureContextOptions | null): Promise<AppOptions> {
  const files = tlsFiles(config);
  return {
    issuer: await issuerOf(config),
    oidcClient: oidcClientOf(config),
    agentCertificates: config.tlsClientCaFile !== null,
    requestsPerMinute: config.requestsPerMinute,
    mostDelayMs: config.mostDelayMs,
    trustedProxies: config.trustedProxies,
    tls: tls === null || files === null ? null : serverOptions(tls, files),
  };
}

/** Null without TLS. */
export function tlsFiles({ tlsCertFile, tlsKeyFile, tlsClientCaFile }: ApiConfig): TlsFiles | null {
  if (tlsCertFile === null || tlsKeyFile === null) return null;
  return { certFile: tlsCertFile, keyFile: tlsKeyFile, clientCaFile: tlsClientCaFile };
}

/** Null: the page signs in with tokens only. */
function oidcClientOf({ oidcIssuer, oidcAudience, oidcClientId, oidcScopes }: ApiConfig): OidcClient | null {
  if (oidcIssuer === null || oidcClientId === null) return null;
  // An ID token's audience is its client (OpenID Connect Core 1.0, section 2), an access token's what the issuer says.
  const bearer = oidcAudience === oidcClientId ? 'id_token' : 'access_token';
  return { issuer: oidcIssuer, clientId: oidcClientId, scopes: oidcScopes, bearer };
}

/** Loaded only where it is configured. */
async function issuerOf(config: ApiConfig): Promise<TokenIssuer | null> {
  const { oidcIssuer, oidcAudience } = config;
  if (oidcIssuer === null || oidcAudience === null) return null;
  const { OidcIssuer } = await import('../control/identity/oidc.ts');
  return new OidcIssuer({
    issuer: oidcIssuer,
    audience: oidcAudience,
    jwksUrl: config.oidcJwksUrl,
    roleClaim: config.oidcRoleClaim,
    rolePrefix: config.oidcRolePrefix,
    scopeClaim: config.oidcScopeClaim,
  });
}
