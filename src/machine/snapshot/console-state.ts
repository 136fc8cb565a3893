/** What the thread that made the machine keeps for its guest outside of any device. */
import { closed, list, oneOf, type Shaped, text } from '../../wire/shape.ts';

export const consoleState = closed({
  /** Base64: typed at the console, and the guest has had no room for it yet. */
  typed: text,
  /** Keys that are down: their release is still to come. */
  held: list(
    closed({ name: oneOf('power', 'restart', 'sleep', 'hibernate'), way: oneOf('keyboard', 'gpio') }),
  ),
});
export type ConsoleState = Shaped<typeof consoleState>;
