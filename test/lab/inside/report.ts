/** Prints what a script found out, for the test outside. */
export function report(value: unknown): void {
  console.log(
    JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `0x${item.toString(16)}` : item)),
  );
}
