import * as React from 'react';

import type { IFailure } from '../api';
import { megabytes } from '../describe';
import type { Say } from '../texts';
import { ActionButton } from './ActionButton';

/** The reasons of the platform's closed list, in words. */
export const REASONS: Readonly<Record<string, string>> = {
  notebook_error: 'Error in the notebook',
  timeout: 'Out of time',
  out_of_memory: 'Out of memory',
  kernel_died: 'The kernel died',
  invalid_output: 'The outputs cannot be scored',
  scoring_error: 'Scoring failed',
  platform_error: 'The platform failed'
};

/** Why a job failed: the reason, where, and what to try. A click leads to the cell. */
export function FailureCard(props: {
  failure: IFailure;
  onCell: (cell: number) => Promise<void>;
  say: Say;
}): JSX.Element {
  const { failure, onCell, say } = props;
  const { cell } = failure;
  return (
    <section className="lb-Failure" aria-label={say('Failure')}>
      <h3>{say(REASONS[failure.reason] ?? 'Failed')}</h3>
      <p>{failure.sentence}</p>
      {failure.hint && (
        <p>
          <strong>{say('Hint:')}</strong> {failure.hint}
        </p>
      )}
      {cell !== null && <ActionButton onClick={() => onCell(cell)}>{say('Go to cell {cell}', { cell })}</ActionButton>}
      {failure.traceback && (
        <pre className="lb-Text lb-Traceback" tabIndex={0} aria-label={say('Traceback')}>
          {failure.traceback.replace(/^-+\n/, '')}
        </pre>
      )}
      {failure.peak_memory_bytes !== null && (
        <p className="lb-Quiet">{say('Peak memory {size}', { size: megabytes(failure.peak_memory_bytes) })}</p>
      )}
    </section>
  );
}
