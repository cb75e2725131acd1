import * as React from 'react';

import type { IFailure } from '../api';
import { megabytes } from '../describe';
import type { Say } from '../texts';

const REASONS: Record<string, string> = {
  notebook_error: 'Error in the notebook',
  timeout: 'Out of time',
  out_of_memory: 'Out of memory',
  kernel_died: 'The kernel died',
  invalid_output: 'The outputs cannot be scored',
  scoring_error: 'Scoring failed',
  platform_error: 'The platform failed'
};

/** Why a job failed: the reason, where, and what to try. A click leads to the cell. */
export function FailureCard(props: { failure: IFailure; onCell: (cell: number) => void; say: Say }): JSX.Element {
  const { failure, onCell, say } = props;
  return (
    <section className="lb-Failure" aria-label={say('Failure')}>
      <h4>{say(REASONS[failure.reason] ?? 'Failed')}</h4>
      <p>{failure.sentence}</p>
      {failure.cell !== null && (
        <button className="jp-mod-styled jp-mod-minimal lb-Link" onClick={() => onCell(failure.cell as number)}>
          {say('Go to cell {cell}', { cell: failure.cell })}
        </button>
      )}
      {failure.traceback && (
        <pre className="lb-Traceback" tabIndex={0}>
          {failure.traceback.replace(/^-+\n/, '')}
        </pre>
      )}
      {failure.hint && (
        <p className="lb-Hint">
          <strong>{say('Hint')}</strong> {failure.hint}
        </p>
      )}
      {failure.peak_memory_bytes !== null && (
        <p className="lb-Quiet">{say('Peak memory {size}', { size: megabytes(failure.peak_memory_bytes) })}</p>
      )}
    </section>
  );
}
