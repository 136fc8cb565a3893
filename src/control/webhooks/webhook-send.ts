/**
 * One attempt to send a webhook: a POST over a connection of its own to an address that was checked when it was resolved,
 * which is the one that is connected to. Redirects are not followed; of the answer only the beginning is read.
 */
import { type LookupAddress, lookup as resolveName } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { storable } from '../../wire/text.ts';
import { literalAddress, mayReach, refusalOf } from './webhook-target.ts';

/** From the name's resolution to the end of the answer. Standard Webhooks asks for 15 to 30 s. */
export const LONGEST_ATTEMPT_MS = 15_000;
const MOST_ANSWER_BYTES = 4_096;
const MOST_HEADER_BYTES = 16_384;

export interface Answer {
  /** Null: there was none. */
  readonly status: number | null;
  /** The beginning of its body; null without an answer. */
  readonly body: string | null;
  /** Why there was none. */
  readonly error: string | null;
  /** Seconds that the receiver asks to be left alone. */
  readonly retryAfter: number | null;
}

export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Never throws. `networks`: those of the configuration, see webhook-target.ts. */
export async function send(
  message: Message,
  networks: readonly string[],
  longestMs = LONGEST_ATTEMPT_MS,
): Promise<Answer> {
  const url = new URL(message.url);
  const address = literalAddress(url);
  if (address !== null && !mayReach(address, url.protocol, networks)) {
    return unanswered(refusalOf(address, url));
  }
  const deadline = AbortSignal.timeout(longestMs);
  try {
    const response = await post(url, message, checkedLookup(url, networks), deadline);
    const body = await beginningOf(response);
    const retryAfter = Number(response.headers['retry-after']);
    return {
      status: response.statusCode ?? null,
      body,
      error: null,
      retryAfter: Number.isInteger(retryAfter) && retryAfter >= 0 ? retryAfter : null,
    };
  } catch (error) {
    if (deadline.aborted) return unanswered(`There was no answer within ${longestMs / 1_000} s.`);
    return unanswered(wordsOf(error));
  }
}

function post(
  url: URL,
  message: Message,
  lookup: LookupFunction,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request(url, {
      method: 'POST',
      agent: false,
      headers: { ...message.headers, 'content-length': Buffer.byteLength(message.body) },
      ...{ lookup, signal, maxHeaderSize: MOST_HEADER_BYTES },
    });
    sent.once('response', resolve);
    // Stays for the whole life of the request: an answer that is cut off ends in an error too.
    sent.on('error', reject);
    sent.end(message.body);
  });
}

/** Gives only addresses that may be called, so that none of the others can be connected to. */
function checkedLookup(url: URL, networks: readonly string[]): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return callback(error, []);
      const allowed = found.filter(({ address }) => mayReach(address, url.protocol, networks));
      const [first] = allowed;
      if (first === undefined) {
        return callback(new Error(refusalOf(found[0]?.address ?? hostname, url)), []);
      }
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** What came of the body until there is enough of it, it ends, or the time is up. Ends the connection. */
function beginningOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const finish = (): void => {
      response.destroy();
      resolve(storable(Buffer.concat(pieces).subarray(0, MOST_ANSWER_BYTES).toString('utf8')));
    };
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size >= MOST_ANSWER_BYTES) finish();
    });
    // The status is known by now, and with it what became of the message; how the rest ends does not matter.
    response.on('error', finish);
    response.on('close', finish);
    response.on('end', finish);
  });
}

/** Nothing came of an attempt, for this reason. */
export function unanswered(error: string): Answer {
  return { status: null, body: null, error: storable(error), retryAfter: null };
}

/** Several addresses of a name fail with one error that holds theirs. */
function wordsOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}
