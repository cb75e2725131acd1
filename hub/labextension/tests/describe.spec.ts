import { change, duration, elapsed, fraction, standing } from '../src/describe';
import { job, say } from './builders';

const SCORE = {
  metric: 'image_auroc',
  direction: 'maximize',
  value: 0.71,
  rank: 3,
  of: 9,
  best_before: 0.7,
  is_best: true
} as const;

test.each([
  [job({ status: 'pending', queue: null }), 'Waiting'],
  [job({ status: 'pending', queue: { ahead: 0, expected_start_seconds: null } }), 'Next in the queue'],
  [job({ status: 'pending', queue: { ahead: 0, expected_start_seconds: 0 } }), 'Next in the queue · starts now'],
  [
    job({ status: 'pending', queue: { ahead: 3, expected_start_seconds: 95 } }),
    '3 ahead in the queue · starts in about 1 min 35 s'
  ],
  [job({ progress: null, stage: 'starting' }), 'Starting'],
  [job({ progress: { cell: 3, cells: 12 } }), 'Cell 3 of 12'],
  [job({ progress: { cell: 12, cells: 12 }, stage: 'scoring' }), 'Scoring'],
  [job({ stage: 'recording' }), 'Saving results'],
  [job({ cancel_requested: true }), 'Cancelling'],
  [job({ status: 'pending', cancel_requested: true }), 'Cancelling'],
  [job({ status: 'completed' }), 'Completed'],
  [job({ status: 'failed' }), 'Failed'],
  [job({ status: 'cancelled', cancel_requested: true }), 'Cancelled']
])('a job stands as it is, case %#', (one, words) => {
  expect(standing(one, say)).toBe(words);
});

test.each([
  [0, '0 s'],
  [59.6, '1 min 0 s'],
  [95, '1 min 35 s'],
  [3 * 3600 + 125, '3 h 2 min'],
  [-5, '0 s']
])('%p seconds are %s', (seconds, words) => {
  expect(duration(seconds, say)).toBe(words);
});

test('a cell counts once it is done', () => {
  expect(fraction(job({ progress: { cell: 1, cells: 4 } }))).toBe(0);
  expect(fraction(job({ progress: { cell: 4, cells: 4 } }))).toBe(0.75);
  expect(fraction(job({ progress: { cell: 4, cells: 4 }, stage: 'scoring' }))).toBe(1);
});

test('there is no progress before the start, after the end, or of no cells', () => {
  expect(fraction(job({ status: 'pending' }))).toBeNull();
  expect(fraction(job({ status: 'completed', progress: { cell: 4, cells: 4 } }))).toBeNull();
  expect(fraction(job({ progress: { cell: 0, cells: 0 } }))).toBeNull();
});

test('elapsed time goes on while a job runs and stands still after it', () => {
  const now = Date.parse('2026-01-01T10:01:00Z');
  expect(elapsed(job(), now)).toBe(50);
  expect(elapsed(job({ started_at: null }), now)).toBeNull();
  expect(elapsed(job({ run_seconds: 12 }), now)).toBe(12);
  expect(elapsed(job({ finished_at: '2026-01-01T10:00:30Z' }), now)).toBe(20);
});

test.each([
  [SCORE, { text: '+0.010', better: true }],
  [
    { ...SCORE, value: 0.69 },
    { text: '−0.010', better: false }
  ],
  [
    { ...SCORE, direction: 'minimize' as const, value: 0.69 },
    { text: '−0.010', better: true }
  ],
  [
    { ...SCORE, value: 0.70001 },
    { text: '±0.000', better: true }
  ],
  [{ ...SCORE, best_before: null }, null]
])('a score is compared with the best before, case %#', (score, expected) => {
  expect(change(score)).toEqual(expected);
});
