/** What forms ask of what is typed, as the API has it. Pure. */

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
export const NAME_RULE =
  'Use 1 to 63 letters, digits, dots, underscores and hyphens; begin and end with a letter or digit.';

export function isName(text: string): boolean {
  return NAME.test(text);
}

export function isWhole(text: string, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  const number = Number(text);
  return text.trim() !== '' && Number.isSafeInteger(number) && number >= least && number <= most;
}
