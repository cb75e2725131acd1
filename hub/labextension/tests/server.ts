import { createServer } from 'http';
import type { Server } from 'http';
import type { AddressInfo } from 'net';

import { ServerConnection } from '@jupyterlab/services';

/** A request as the server half sees it. */
export interface IAsked {
  url: string;
  method: string;
  body: unknown;
  headers: Record<string, string | string[] | undefined>;
}

/** What the server half answers; null: it hangs up. */
export type Answer = { status?: number; body?: unknown; text?: string; headers?: Record<string, string> } | null;

/** A server that gives the answers one after the other, and keeps what was asked. */
export class ServerHalf {
  readonly asked: IAsked[] = [];

  static async start(): Promise<ServerHalf> {
    const half = new ServerHalf();
    await new Promise<void>(resolve => half.server.listen(0, '127.0.0.1', resolve));
    return half;
  }

  answer(...answers: Answer[]): void {
    this.answers.push(...answers);
  }

  get settings(): ServerConnection.ISettings {
    const { port } = this.server.address() as AddressInfo;
    return ServerConnection.makeSettings({ baseUrl: `http://127.0.0.1:${port}/user/ann/` });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private readonly answers: Answer[] = [];
  private readonly server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', chunk => (text += String(chunk)));
    request.on('end', () => {
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      this.asked.push({ url: request.url ?? '', method: request.method ?? '', body, headers: request.headers });
      const answer = this.answers.shift();
      if (!answer) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, answer.headers);
      response.end(answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body)));
    });
  });
}
