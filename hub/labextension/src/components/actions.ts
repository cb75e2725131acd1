import type { IJob, IResults } from '../api';
import type { Client } from '../client';
import type { Say } from '../texts';

/** What the panel can do with a job; whoever shows it gives it these. */
export interface IJobActions {
  readonly client: Client;
  readonly say: Say;
  onCancel(job: IJob): void;
  onExecuted(job: IJob): void;
  onCell(job: IJob, cell: number): void;
  onAgain(job: IJob): void;
  onAgainWith(job: IJob): void;
  onBoard(job: IJob): void;
  onProblem(problem: Error): void;
  mlflowLink(results: IResults | null): string | null;
}
