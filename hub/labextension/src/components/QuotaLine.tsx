import * as React from 'react';

import type { IQuota } from '../api';
import { duration } from '../describe';
import type { Say } from '../texts';

const HOUR_SECONDS = 3600;

/** How many submissions are left, and until when. */
export function QuotaLine({ quota, say }: { quota: IQuota; say: Say }): JSX.Element {
  const { limit, used, next_allowed_at: next, window_seconds: window = HOUR_SECONDS } = quota.submissions;
  const left = Math.max(0, limit - used);
  const wait = next === null ? 0 : (Date.parse(next) - Date.now()) / 1000;
  const facts = { left, limit };
  if (left === 0) {
    return (
      <p className="lb-Quota lb-mod-none">
        {say('No submissions are left; the next is possible in {time}.', { time: duration(wait, say) })}
      </p>
    );
  }
  return (
    <p className="lb-Quota lb-Quiet">
      {window === HOUR_SECONDS
        ? say('{left} of {limit} submissions are left for this hour.', facts)
        : say('{left} of {limit} submissions are left within {time}.', { ...facts, time: duration(window, say) })}
    </p>
  );
}
