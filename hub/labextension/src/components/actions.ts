import type { IJob, IResults } from '../api';
import type { Client } from '../client';
import type { Say } from '../texts';

/** What the panel can do with a job; whoever shows it gives it these. Each tells the user of its own failure. */
export interface IJobActions {
  readonly client: Client;
  readonly say: Say;
  onCancel(job: IJob): Promise<void>;
  onExecuted(job: IJob): Promise<void>;
  onCell(job: IJob, cell: number): Promise<void>;
  onAgain(job: IJob): Promise<void>;
  onAgainWith(job: IJob): Promise<void>;
  onBoard(job: IJob): Promise<void>;
  onBoards(): Promise<void>;
  mlflowLink(results: IResults | null): string | null;
}
