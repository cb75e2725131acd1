import { Refused } from '../src/client';
import { EventParser } from '../src/events';
import { BrokenOff, capped, followLog } from '../src/stream';

function streamOf(...chunks: string[]): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      chunks.forEach(chunk => controller.enqueue(encoder.encode(chunk)));
      controller.close();
    }
  });
  return { body } as Response;
}

async function logOf(...chunks: string[]): Promise<[string, boolean][]> {
  const taken: [string, boolean][] = [];
  const client = { events: () => Promise.resolve(streamOf(...chunks)) };
  await followLog(client, 'j1', new AbortController().signal, (text, first) => taken.push([text, first]));
  return taken;
}

test('events are read however they are cut into pieces', () => {
  const parser = new EventParser();
  const whole = ': hello\n\nevent: log\r\ndata: {"text":"a\\nb","position":3}\r\n\r\nevent: end\ndata: {}\n\n';
  const events = [...whole].flatMap(character => parser.push(character));
  expect(events).toEqual([
    { name: 'log', data: { text: 'a\nb', position: 3 } },
    { name: 'end', data: {} }
  ]);
});

test('the log is handed over until the job ends, and its first piece is told', async () => {
  const taken = await logOf(
    'event: status\ndata: {}\n\nevent: log\ndata: {"text":"on',
    'e"}\n\nevent: log\ndata: {"text":"two"}\n\nevent: end\ndata: {}\n\n'
  );
  expect(taken).toEqual([
    ['one', true],
    ['two', false]
  ]);
});

test('a stream that ends before the job is told from one that ends with it', async () => {
  await expect(logOf('event: log\ndata: {"text":"one"}\n\n')).rejects.toBeInstanceOf(BrokenOff);
});

test('a refusal is passed on', async () => {
  const client = { events: () => Promise.reject(new Refused(404, 'unknown_job', 'No such job.')) };
  await expect(followLog(client, 'j1', new AbortController().signal, () => undefined)).rejects.toThrow('No such job.');
});

test('a long log keeps its end, in whole lines', () => {
  expect(capped('one\ntwo\n', 'three\n', 100)).toEqual({ text: 'one\ntwo\nthree\n', isCut: false });
  expect(capped('one\ntwo\n', 'three\n', 9)).toEqual({ text: 'three\n', isCut: true });
  expect(capped('', 'x'.repeat(50), 10)).toEqual({ text: 'x'.repeat(10), isCut: true });
});
