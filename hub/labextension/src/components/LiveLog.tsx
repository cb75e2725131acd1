import * as React from 'react';

import type { IJob } from '../api';
import { FINAL } from '../api';
import { Refused } from '../client';
import type { Client } from '../client';
import { capped, followLog } from '../stream';
import type { Say } from '../texts';

// A page that holds everything would stop answering.
const KEPT_CHARACTERS = 200_000;
const RETRY_MS = 3000;
const AT_END_PIXELS = 24;

interface ILog {
  text: string;
  isCut: boolean;
}

/** What a job prints, as it prints it. It follows the end, until one scrolls up to read. */
export function LiveLog({ job, client, say }: { job: IJob; client: Client; say: Say }): JSX.Element {
  const [log, problem] = useLog(job.job_id, client);
  const [follows, setFollows] = React.useState(true);
  const box = React.useRef<HTMLPreElement>(null);

  React.useLayoutEffect(() => {
    if (follows && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [log, follows]);

  const onScroll = (): void => {
    const here = box.current;
    if (here) {
      setFollows(here.scrollHeight - here.scrollTop - here.clientHeight < AT_END_PIXELS);
    }
  };
  const empty = FINAL.has(job.status) ? say('Nothing was printed.') : say('Nothing is printed yet.');
  return (
    <section className="lb-Log" aria-label={say('Log')}>
      <h3>{say('Log')}</h3>
      {problem !== null && (
        <p className="lb-Quiet" role="status">
          {problem instanceof Refused && !problem.isUncertain
            ? problem.message
            : say('The log was interrupted; trying again.')}
        </p>
      )}
      {log.isCut && <p className="lb-Quiet">{say('Earlier lines are left out here.')}</p>}
      <pre className="lb-Text" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-live="off">
        {log.text || empty}
      </pre>
      {!follows && (
        <button type="button" className="lb-Button" onClick={() => setFollows(true)}>
          {say('Follow the end')}
        </button>
      )}
    </section>
  );
}

/** The log of a job, and what keeps it from coming. */
function useLog(jobId: string, client: Client): [ILog, Error | null] {
  const [log, setLog] = React.useState<ILog>({ text: '', isCut: false });
  const [problem, setProblem] = React.useState<Error | null>(null);
  React.useEffect(() => {
    const stop = new AbortController();
    let again: number | undefined;
    const take = (chunk: string, first: boolean): void => {
      setProblem(null);
      setLog(known => {
        const next = capped(first ? '' : known.text, chunk, KEPT_CHARACTERS);
        return { ...next, isCut: next.isCut || (!first && known.isCut) };
      });
    };
    const read = async (): Promise<void> => {
      try {
        await followLog(client, jobId, stop.signal, take);
        setProblem(null);
      } catch (error) {
        if (stop.signal.aborted) {
          return;
        }
        setProblem(error as Error);
        if (!(error instanceof Refused) || error.isUncertain) {
          // What has come stays; the stream begins anew with all there is.
          again = window.setTimeout(() => void read(), RETRY_MS);
        }
      }
    };
    void read();
    return () => {
      stop.abort();
      window.clearTimeout(again);
    };
  }, [client, jobId]);
  return [log, problem];
}
