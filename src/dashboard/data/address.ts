/** What the address says after `?`: what is searched, filtered and chosen, so that it can be sent to a colleague. */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { isMoment } from '../model/format.ts';

/** Sets the named values; an empty one is taken out. It adds nothing to the browser's history. */
export type ChangeAddress = (values: Readonly<Record<string, string>>) => void;

export function useAddress(): [address: URLSearchParams, change: ChangeAddress] {
  const [address, setAddress] = useSearchParams();
  const change = useCallback<ChangeAddress>(
    (values) =>
      setAddress(
        (current) => {
          for (const [name, value] of Object.entries(values)) {
            if (value === '') current.delete(name);
            else current.set(name, value);
          }
          return current;
        },
        { replace: true },
      ),
    [setAddress],
  );
  return [address, change];
}

/** A moment in RFC 3339; what is none is left out. */
export function momentAt(address: URLSearchParams, name: string): string | undefined {
  const text = address.get(name);
  return text !== null && isMoment(text) ? text : undefined;
}
