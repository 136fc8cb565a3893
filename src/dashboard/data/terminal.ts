/** xterm.js as the console needs it. Loaded with the console only. */
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal as XTerm } from '@xterm/xterm';
import { terminalDocument } from './terminal-document.ts';

const THEME = {
  background: '#0b0f13',
  foreground: '#d7dee6',
  cursor: '#5fd3c0',
  cursorAccent: '#0b0f13',
  selectionBackground: '#2b5b78',
};
const SCROLLBACK_LINES = 10_000;
/** Leaves the terminal; every other key, Tab too, is the guest's. */
export const LEAVE_KEY = 'F6';

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
  const page = terminalDocument();
  const terminal = new XTerm({
    documentOverride: page.document,
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
  page.opening(() => terminal.open(element));
  fit.fit();
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(element);
  terminal.onData(typed);
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.key !== LEAVE_KEY) return true;
    if (event.type === 'keydown') leave();
    return false;
  });
  return {
    write: (bytes) => terminal.write(bytes),
    clear: () => terminal.reset(),
    accept: (input) => {
      terminal.options.disableStdin = !input;
    },
    close: () => {
      resized.disconnect();
      terminal.dispose();
    },
  };
}
