// What browsers have and jsdom has not, or what Lab's packages only look whether it is there.
import { ReadableStream } from 'stream/web';
import { TextDecoder, TextEncoder } from 'util';

class Transfer {}

if (typeof window !== 'undefined') {
  const matchMedia = (): object => ({ matches: false, addEventListener: () => undefined });
  Object.assign(globalThis, { TextDecoder, TextEncoder, ReadableStream, matchMedia });
}
if (typeof DragEvent === 'undefined') {
  Object.assign(globalThis, { DragEvent: Transfer, DataTransfer: Transfer });
}
