/** The named schemas: components of the OpenAPI document, referred to with `ref`. */
import type { Named } from './common.ts';
import { Problem } from './problem.ts';
import { CreatedToken, Token } from './token.ts';

export const namedSchemas: Named[] = [Problem, Token, CreatedToken];
