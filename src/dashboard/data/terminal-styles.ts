/**
 * Lets xterm.js keep the page's content policy. It writes its sizes and colours into <style> elements, which the policy
 * refuses (`style-src 'self'`); here what it takes for one hands its text to a constructed style sheet, which script
 * from the page's own files may make (CSP level 3, section 8.3).
 */

/**
 * Runs `open`, which must be synchronous, with `document.createElement` replaced. xterm.js 6.0 makes all its <style>
 * elements while it opens; its option `documentOverride` does not reach all of them.
 */
export function withStyleSheets(open: () => void): void {
  const create = document.createElement.bind(document);
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? styleSheet(create('span')) : create(name, options);
  Object.defineProperty(document, 'createElement', { value: createElement, configurable: true });
  try {
    open();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

/** Makes an element set a style sheet of the page when its text is set, and take it away when it is removed. */
function styleSheet(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  const remove = element.remove.bind(element);
  document.adoptedStyleSheets.push(sheet);
  element.hidden = true;
  Object.defineProperty(element, 'textContent', { set: (css: string) => sheet.replaceSync(css) });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    remove();
  };
  return element;
}
