/**
 * A `document` for xterm.js that keeps the page's content policy (`style-src 'self'`).
 *
 * xterm.js writes its sizes and colours into <style> elements and `style` attributes, both of which the policy refuses.
 * Here what it takes for a <style> element hands its text to a constructed style sheet, and `setAttribute('style')`
 * goes through the CSSOM: script from the page's own files may do both (CSP level 3, section 8.3).
 */

type CreateElement = (name: string, options?: ElementCreationOptions) => HTMLElement;

export interface TerminalDocument {
  /** Give it as `documentOverride`. */
  readonly document: Document;
  /** Runs `open` with `document.createElement` replaced: xterm.js 6.0 does not use the override for its viewport. */
  opening(open: () => void): void;
}

export function terminalDocument(): TerminalDocument {
  const original: CreateElement = document.createElement.bind(document);
  const create: CreateElement = (name, options) => {
    const element = original(name === 'style' ? 'span' : name, options);
    if (name === 'style') actAsStyle(element);
    else setStylesByCssom(element);
    return element;
  };
  return {
    document: new Proxy(document, {
      get(target, property) {
        if (property === 'createElement') return create;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    opening(open) {
      Object.defineProperty(document, 'createElement', { value: create, configurable: true });
      try {
        open();
      } finally {
        Reflect.deleteProperty(document, 'createElement');
      }
    },
  };
}

function actAsStyle(element: HTMLElement): void {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  element.hidden = true;
  Object.defineProperty(element, 'textContent', { set: (css: string) => sheet.replaceSync(css) });
  const remove = element.remove.bind(element);
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    remove();
  };
}

function setStylesByCssom(element: HTMLElement): void {
  const setAttribute = element.setAttribute.bind(element);
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = value;
    else setAttribute(name, value);
  };
}
