import type { IQueued, ISubmission } from '../src/api';
import { Refused } from '../src/client';
import type { ISubmittable } from '../src/submitter';
import { configOf, Submitter } from '../src/submitter';
import { job, later } from './builders';

const QUEUED: IQueued = { job_id: 'j1', submission_id: 's1', status: 'pending' };
const CHOICE = { config: {}, files: [] };

/** A notebook, the folder it is saved to, and the platform that it is sent to. */
class Place {
  hash = 'hash-1';
  saves = 0;
  read = later<void>();
  sent: ISubmission[] = [];
  runs: { key: string; config: object }[] = [];
  answers: Promise<IQueued>[] = [];

  readonly panel: ISubmittable = {
    context: {
      path: 'own.ipynb',
      ready: this.read.promise,
      save: () => {
        this.saves += 1;
        return Promise.resolve();
      }
    }
  };

  readonly submitter = new Submitter(
    {
      submit: submission => {
        this.sent.push(submission);
        return this.answers.shift() ?? Promise.resolve(QUEUED);
      },
      again: (_, config, key) => {
        this.runs.push({ config, key });
        return this.answers.shift() ?? Promise.resolve(QUEUED);
      }
    },
    {
      get: (path: string) => Promise.resolve({ path, hash: this.hash } as never),
      localPath: (path: string) => path
    }
  );
}

/** A place whose notebook has been read. */
function readPlace(): Place {
  const place = new Place();
  place.read.resolve();
  return place;
}

test('a notebook that is still being read is saved after that', async () => {
  const place = new Place();
  const asked = place.submitter.submit(place.panel, CHOICE);
  await Promise.resolve();
  expect(place.saves).toBe(0);
  place.read.resolve();
  await asked;
  expect(place.saves).toBe(1);
});

test('what was saved is submitted, with its hash', async () => {
  const place = readPlace();
  await place.submitter.submit(place.panel, { config: { resource_class: 'medium' }, files: ['model.py'] });
  expect(place.saves).toBe(1);
  expect(place.sent[0]).toMatchObject({
    path: 'own.ipynb',
    hash: 'hash-1',
    files: ['model.py'],
    config: { resource_class: 'medium' }
  });
});

test('a double click submits once', async () => {
  const place = readPlace();
  const answer = later<IQueued>();
  place.answers = [answer.promise];
  const first = place.submitter.submit(place.panel, CHOICE);
  const second = place.submitter.submit(place.panel, CHOICE);
  answer.resolve(QUEUED);
  expect(await Promise.all([first, second])).toEqual([QUEUED, QUEUED]);
  expect(place.sent).toHaveLength(1);
  expect(place.saves).toBe(1);
});

test('a click after the end of a submission is another submission', async () => {
  const place = readPlace();
  await place.submitter.submit(place.panel, CHOICE);
  await place.submitter.submit(place.panel, CHOICE);
  expect(place.sent).toHaveLength(2);
  expect(place.sent[0].idempotency_key).not.toBe(place.sent[1].idempotency_key);
});

test.each([
  ['the network broke', new Refused(0, 'server_unreachable', 'gone')],
  ['the platform failed', new Refused(500, 'error', 'oops')],
  ['a proxy gave up', new Refused(504, 'error', 'late')]
])('pressing again after %s asks for the same submission', async (_, problem) => {
  const place = readPlace();
  place.answers = [Promise.reject(problem)];
  await expect(place.submitter.submit(place.panel, CHOICE)).rejects.toBe(problem);
  await place.submitter.submit(place.panel, CHOICE);
  expect(place.sent[1].idempotency_key).toBe(place.sent[0].idempotency_key);
});

test('a changed notebook is another submission, whatever became of the last', async () => {
  const place = readPlace();
  place.answers = [Promise.reject(new Refused(0, 'server_unreachable', 'gone'))];
  await expect(place.submitter.submit(place.panel, CHOICE)).rejects.toThrow('gone');
  place.hash = 'hash-2';
  await place.submitter.submit(place.panel, CHOICE);
  expect(place.sent[1].idempotency_key).not.toBe(place.sent[0].idempotency_key);
});

test('other parameters are another submission, whatever became of the last', async () => {
  const place = readPlace();
  place.answers = [Promise.reject(new Refused(0, 'server_unreachable', 'gone'))];
  await expect(place.submitter.submit(place.panel, CHOICE)).rejects.toThrow('gone');
  await place.submitter.submit(place.panel, { config: { parameters: { seed: 1 } }, files: [] });
  expect(place.sent[1].idempotency_key).not.toBe(place.sent[0].idempotency_key);
});

test('after a refusal a key is not used again', async () => {
  const place = readPlace();
  place.answers = [Promise.reject(new Refused(400, 'x', 'wrong'))];
  await expect(place.submitter.submit(place.panel, CHOICE)).rejects.toThrow('wrong');
  await place.submitter.submit(place.panel, CHOICE);
  expect(place.sent[1].idempotency_key).not.toBe(place.sent[0].idempotency_key);
});

test('the button is busy from the click to the answer', async () => {
  const place = readPlace();
  const answer = later<IQueued>();
  place.answers = [answer.promise];
  const seen: boolean[] = [];
  place.submitter.changed.connect(submitter => seen.push(submitter.isBusy('own.ipynb')));
  const asked = place.submitter.submit(place.panel, CHOICE);
  expect(place.submitter.isBusy('own.ipynb')).toBe(true);
  expect(place.submitter.isBusy('other.ipynb')).toBe(false);
  answer.resolve(QUEUED);
  await asked;
  expect(seen).toEqual([true, false]);
});

test('a notebook that cannot be saved is not submitted', async () => {
  const place = readPlace();
  const panel = {
    context: { path: 'own.ipynb', ready: Promise.resolve(), save: () => Promise.reject(new Error('disk full')) }
  };
  await expect(place.submitter.submit(panel, CHOICE)).rejects.toThrow('disk full');
  expect(place.sent).toHaveLength(0);
  expect(place.submitter.isBusy('own.ipynb')).toBe(false);
});

test('a double click on Submit again runs once more, not twice', async () => {
  const place = readPlace();
  const answer = later<IQueued>();
  place.answers = [answer.promise];
  const both = [place.submitter.again(job(), {}), place.submitter.again(job(), {})];
  answer.resolve(QUEUED);
  await Promise.all(both);
  expect(place.runs).toHaveLength(1);
});

test('again means with the same benchmark, class and parameters', () => {
  expect(configOf(job({ resource_class: 'medium', parameters: { seed: 4 } }))).toEqual({
    benchmark: 'demo',
    resource_class: 'medium',
    parameters: { seed: 4 }
  });
});
