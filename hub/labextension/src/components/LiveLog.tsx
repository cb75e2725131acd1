import * as React from 'react';

import type { IJob } from '../api';
import { FINAL } from '../api';
import type { Client } from '../client';
import { EventParser } from '../events';
import type { Say } from '../texts';

// What is older is in the job's files; a page that holds everything would stop answering.
const KEPT_CHARACTERS = 200_000;
const RETRY_MS = 3000;

/** What a job prints, as it prints it. It follows the end, until one scrolls up to read. */
export function LiveLog({ job, client, say }: { job: IJob; client: Client; say: Say }): JSX.Element {
  const [text, setText] = React.useState('');
  const [lost, setLost] = React.useState(false);
  const box = React.useRef<HTMLPreElement>(null);
  const follows = React.useRef(true);

  React.useEffect(() => {
    const stop = new AbortController();
    let again: number | undefined;
    const read = async (): Promise<void> => {
      try {
        await follow(client, job.job_id, stop.signal, (chunk, first) =>
          setText(known => ((first ? '' : known) + chunk).slice(-KEPT_CHARACTERS))
        );
        setLost(false);
      } catch {
        if (!stop.signal.aborted) {
          // The last log stays; the stream begins anew with all there is.
          setLost(true);
          again = window.setTimeout(() => void read(), RETRY_MS);
        }
      }
    };
    void read();
    return () => {
      stop.abort();
      window.clearTimeout(again);
    };
  }, [client, job.job_id]);

  React.useEffect(() => {
    if (follows.current && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [text]);

  const onScroll = (): void => {
    const here = box.current;
    follows.current = here !== null && here.scrollHeight - here.scrollTop - here.clientHeight < 24;
  };
  const empty = FINAL.has(job.status) ? say('Nothing was printed.') : say('Nothing is printed yet.');
  return (
    <div className="lb-Log">
      {lost && <p role="status">{say('The log was interrupted; trying again.')}</p>}
      <pre ref={box} onScroll={onScroll} tabIndex={0} aria-label={say('Log')}>
        {text || empty}
      </pre>
    </div>
  );
}

/** Read a job's stream to its end, handing over what it prints; `first` says that it begins anew. */
async function follow(
  client: Client,
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
      throw new Error('the stream broke off');
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
