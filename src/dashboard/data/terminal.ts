/** xterm.js as the console needs it. Loaded with the console only. */
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal as XTerm } from '@xterm/xterm';
import { withStyleSheets } from './terminal-styles.ts';

const THEME = {
  background: '#0b0f13',
  foreground: '#d7dee6',
  cursor: '#5fd3c0',
  cursorAccent: '#0b0f13',
  selectionBackground: '#2b5b78',
  black: '#4a545f',
  red: '#ff8b82',
  green: '#6edb9c',
  yellow: '#f2c25c',
  blue: '#85bbff',
  magenta: '#d3a8ff',
  cyan: '#5fd3c0',
  white: '#d7dee6',
  brightBlack: '#94a1af',
  brightRed: '#ffb3ad',
  brightGreen: '#9aeabb',
  brightYellow: '#ffdb8f',
  brightBlue: '#b0d4ff',
  brightMagenta: '#e5ccff',
  brightCyan: '#9ae8db',
  brightWhite: '#ffffff',
};
const SCROLLBACK_LINES = 10_000;
/** Leaves the terminal, as it does `virsh console`; every other key, Tab too, is the guest's. */
export const LEAVE_KEYS = 'Ctrl+]';
/** Seen before xterm.js acts on them; the last two are of keyboards on screens and of dead keys. */
const SIGNS_OF_TYPING = ['keydown', 'paste', 'beforeinput', 'compositionstart'] as const;
const leaves = ({ key, ctrlKey }: KeyboardEvent) => ctrlKey && key === ']';

export interface Terminal {
  write(bytes: Uint8Array): void;
  clear(): void;
  /** Whether keys are taken for the guest. */
  accept(input: boolean): void;
  close(): void;
}

export function openTerminal(
  element: HTMLElement,
  { typed, leave }: { typed: (text: string) => void; leave: () => void },
): Terminal {
  const terminal = new XTerm({
    theme: THEME,
    fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: 13,
    lineHeight: 1.15,
    scrollback: SCROLLBACK_LINES,
    cursorBlink: true,
    disableStdin: true,
    screenReaderMode: true,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  withStyleSheets(() => terminal.open(element));
  fit.fit();
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(element);
  // What a guest asks the terminal, where its cursor is for instance, is in the log that each connection sends again.
  // Answers to that would be typed, and be audited as typed, though somebody only looks.
  let attended = false;
  for (const sign of SIGNS_OF_TYPING) {
    element.addEventListener(
      sign,
      () => {
        attended = true;
      },
      { capture: true },
    );
  }
  terminal.onData((text) => {
    if (attended) typed(text);
  });
  terminal.attachCustomKeyEventHandler((event) => {
    if (!leaves(event)) return true;
    event.preventDefault();
    if (event.type === 'keydown') leave();
    return false;
  });
  return {
    write: (bytes) => terminal.write(bytes),
    clear: () => {
      attended = false;
      terminal.reset();
    },
    accept: (input) => {
      terminal.options.disableStdin = !input;
    },
    close: () => {
      resized.disconnect();
      terminal.dispose();
    },
  };
}
