import type { IJob } from './api';

/** One event of a job's stream. */
export interface IJobEvent {
  name: string;
  data: { text?: string; position?: number } | IJob;
}

/** Take server-sent events apart (WHATWG HTML, section 9.2), as they come. */
export class EventParser {
  /** Return the events that `chunk` completes. */
  push(chunk: string): IJobEvent[] {
    const text = this.rest + chunk;
    // The other half of a line's end may be still to come.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const blocks = whole.replace(/\r\n?/g, '\n').split('\n\n');
    this.rest = (blocks.pop() ?? '') + text.slice(whole.length);
    return blocks.map(parse).filter((event): event is IJobEvent => event !== null);
  }

  private rest = '';
}

function parse(block: string): IJobEvent | null {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) {
      name = line.slice(6).trim();
    } else if (line.startsWith('data:')) {
      data.push(line.slice(5).replace(/^ /, ''));
    }
  }
  return data.length === 0 ? null : { name, data: JSON.parse(data.join('\n')) as IJobEvent['data'] };
}
