import type { Client } from './client';
import { EventParser } from './events';

/** The stream has ended before the job did. */
export class BrokenOff extends Error {}

/**
 * Read what a job prints to the end of the job, handing it over as it comes; `first` says that it begins anew.
 *
 * Throws BrokenOff where the stream ends early, Refused where there is none.
 */
export async function followLog(
  client: Pick<Client, 'events'>,
  jobId: string,
  signal: AbortSignal,
  take: (text: string, first: boolean) => void
): Promise<void> {
  const response = await client.events(jobId, signal);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  let first = true;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      throw new BrokenOff('The stream broke off.');
    }
    for (const event of parser.push(decoder.decode(value, { stream: true }))) {
      if (event.name === 'log') {
        take((event.data as { text: string }).text, first);
        first = false;
      } else if (event.name === 'end') {
        return;
      }
    }
  }
}

/** Return `known` with `more` at its end, at most `limit` characters of whole lines from the end. */
export function capped(known: string, more: string, limit: number): { text: string; isCut: boolean } {
  const text = known + more;
  if (text.length <= limit) {
    return { text, isCut: false };
  }
  const rest = text.slice(-limit);
  const line = rest.indexOf('\n');
  return { text: line < 0 ? rest : rest.slice(line + 1), isCut: true };
}
