/** @jest-environment node */
import { Client, Refused } from '../src/client';
import type { Answer } from './server';
import { ServerHalf } from './server';

let half: ServerHalf;
let client: Client;

beforeEach(async () => {
  half = await ServerHalf.start();
  client = new Client(half.settings, () => 'ja');
});

afterEach(() => half.stop());

async function refusalOf(answer: Answer): Promise<Refused> {
  half.answer(answer);
  return client.quota().then(
    () => {
      throw new Error('It was not refused.');
    },
    (problem: Refused) => problem
  );
}

test('a refusal keeps the sentence, the code and the field of the platform', async () => {
  const body = { detail: 'Give a whole number.', code: 'wrong_parameter_type', field: 'parameters.seed' };
  const refused = await refusalOf({ status: 400, body });
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ message: body.detail, code: body.code, field: body.field });
  expect(refused.isUncertain).toBe(false);
});

test('a refusal says how long to wait', async () => {
  const body = { detail: 'Too many.', code: 'too_many' };
  expect((await refusalOf({ status: 429, body, headers: { 'Retry-After': '90' } })).retryAfterSeconds).toBe(90);
  expect((await refusalOf({ status: 429, body })).retryAfterSeconds).toBeNull();
});

test('a refusal of Jupyter itself is read as well', async () => {
  const refused = await refusalOf({ status: 403, body: { message: 'Forbidden', reason: null } });
  expect(refused).toMatchObject({ message: 'Forbidden', code: 'error', field: null });
});

test('an error page of a proxy is no sentence for a user', async () => {
  const refused = await refusalOf({ status: 504, text: '<html>Gateway</html>' });
  expect(refused.message).toBe('Gateway Timeout');
  expect(refused.isUncertain).toBe(true);
  expect(refused.isUnreachable).toBe(true);
});

test('a network that is gone is told from a refusal', async () => {
  const refused = await refusalOf(null);
  expect(refused).toMatchObject({ status: 0, code: 'server_unreachable' });
  expect(refused.isUncertain).toBe(true);
  expect(refused.isUnreachable).toBe(true);
});

test('an API at the wrong address is not one that is away for a while', async () => {
  const refused = await refusalOf({ status: 502, body: { detail: 'Something else answers.', code: 'api_unexpected' } });
  expect(refused.isUnreachable).toBe(false);
});

test('the page asks the server half alone, in the language of Lab', async () => {
  half.answer({ body: { items: [], total: 0 } });
  expect(await client.jobs('ann lee', 50)).toEqual({ items: [], total: 0 });
  // Lab appends the moment, so that nothing comes from a cache.
  expect(half.asked[0].url).toMatch(/^\/user\/ann\/leadersboard\/api\/jobs\?user_id=ann%20lee&limit=50&\d+$/);
  expect(half.asked[0].headers['accept-language']).toBe('ja');
});

test('an id cannot lead to another path', async () => {
  half.answer({ body: {} });
  await client.results('../../whoami');
  expect(half.asked[0].url).toMatch(/^\/user\/ann\/leadersboard\/api\/jobs\/..%2F..%2Fwhoami\/results\?/);
});

test('another run is asked for under its key', async () => {
  half.answer({ status: 202, body: { job_id: 'j2' } });
  await client.again('s1', { parameters: { seed: 1 } }, 'key-1');
  expect(half.asked[0]).toMatchObject({
    method: 'POST',
    body: { submission_id: 's1', config: { parameters: { seed: 1 } } }
  });
  expect(half.asked[0].headers['idempotency-key']).toBe('key-1');
});

test('a notebook from no template has no origin', async () => {
  half.answer({ status: 204 });
  expect(await client.origin('own.ipynb')).toBeNull();
});

test('a request that is no longer wanted ends', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(client.events('j1', stop.signal)).rejects.toBeInstanceOf(Refused);
  expect(half.asked).toHaveLength(0);
});
