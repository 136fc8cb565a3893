/** RFC 9457 problem documents. */
import { type Static, Type } from 'typebox';
import { closed, named } from './common.ts';

export const Problem = named(
  'Problem',
  Type.Object(
    {
      type: Type.String({ description: 'Always `about:blank`: `code` tells the kinds of problems apart.' }),
      title: Type.String({ description: 'The same for every occurrence of the code.' }),
      status: Type.Integer(),
      detail: Type.String({ description: 'What is wrong with this request and what to do next.' }),
      code: Type.String({ pattern: '^[A-Z][A-Z0-9_]*$', description: 'Stable; match on this.' }),
      requestId: Type.Optional(Type.String({ description: 'Names the request in the log.' })),
      errors: Type.Optional(
        Type.Array(
          Type.Object(
            {
              pointer: Type.String({ description: 'JSON pointer (RFC 6901) to the member.' }),
              detail: Type.String(),
            },
            closed,
          ),
          {
            description:
              'Where the request is wrong, when it can be said where: every place, when it does not match its schema.',
          },
        ),
      ),
      expectedOffset: Type.Optional(
        Type.Integer({ minimum: 0, description: 'With `CONSOLE_OFFSET`: where the stored output ends.' }),
      ),
      placement: Type.Optional(
        Type.Object(
          {
            hosts: Type.Integer({ description: 'All there are.' }),
            reasons: Type.Record(Type.String(), Type.Integer(), {
              description:
                'Each host once, under the first of elsewhere, silent, cordoned, selector, memory, vcpus, psci, suspend, ' +
                'firmware that keeps the VM off it.',
            }),
            help: Type.Array(Type.String(), { description: 'What would let the VM start, each by itself.' }),
          },
          { ...closed, description: 'Why no host can take a VM.' },
        ),
      ),
    },
    { ...closed, description: 'An error, as RFC 9457 has it.' },
  ),
);

export type Problem = Static<typeof Problem>;
