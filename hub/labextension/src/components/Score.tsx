import * as React from 'react';

import type { IScore } from '../api';
import { change } from '../describe';
import type { Say } from '../texts';

/** The score of a run, its rank, and what it means against the best before. */
export function Score({ score, say }: { score: IScore; say: Say }): JSX.Element {
  const moved = change(score);
  return (
    <span className="lb-Score">
      <span className="lb-Score-value">{score.value.toFixed(3)}</span>
      <span className="lb-Quiet">{score.metric}</span>
      <span className="lb-Score-rank">{say('rank {rank} of {of}', { rank: score.rank, of: score.of })}</span>
      {moved !== null && (
        <span
          className={moved.better ? 'lb-Score-change lb-mod-better' : 'lb-Score-change'}
          title={say('against your best before')}
        >
          {moved.text}
          <span className="lb-Hidden"> {say('against your best before')}</span>
        </span>
      )}
      {score.is_best && <span className="lb-Badge">{say('your best')}</span>}
    </span>
  );
}
