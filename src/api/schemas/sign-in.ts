import { type Static, Type } from 'typebox';
import { closed, Nullable, named } from './common.ts';

const OidcClient = Type.Object(
  {
    issuer: Type.String({ description: 'Where its discovery document is found, as its tokens name it.' }),
    clientId: Type.String({
      description: 'A public client: the authorization code flow with PKCE, no secret.',
    }),
    scopes: Type.String({ description: 'What to ask for, with spaces between.' }),
    bearer: Type.Enum(['access_token', 'id_token'], {
      description: 'Which of the tokens that the issuer gives this API takes: the one for its audience.',
    }),
  },
  closed,
);

export const SignIn = named(
  'SignIn',
  Type.Object(
    { oidc: Nullable(OidcClient) },
    { ...closed, description: '`oidc` null: with a token of this API only.' },
  ),
);

export type OidcClient = Static<typeof OidcClient>;
