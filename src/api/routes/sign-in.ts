/** How one signs in to the dashboard. Asked before anybody is known, so it says nothing that a browser may not know. */
import { ref } from '../schemas/common.ts';
import { SignIn } from '../schemas/sign-in.ts';
import type { Routes } from '../types.ts';

export const signInRoutes: Routes = async (app) => {
  app.get(
    '/v1/sign-in',
    {
      config: { role: 'public' },
      schema: {
        operationId: 'getSignIn',
        tags: ['tokens'],
        summary: 'How a person signs in',
        description:
          'Besides with a token of this API: through which OpenID Connect issuer, and as which client.',
        response: { 200: ref(SignIn) },
      },
    },
    async () => ({ oidc: app.oidcClient }),
  );
};
