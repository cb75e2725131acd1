import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import type { IJob, IResults } from '../api';
import type { IJobActions } from '../components/actions';
import { askAndSubmit } from '../components/formDialog';
import { nameOf } from '../describe';
import { executedPath, indexOfCell } from '../executed';
import { configOf } from '../submitter';
import type { ILeadersBoard } from '../tokens';
import { CommandIDs } from '../tokens';
import { tellProblem } from './problems';

/** Return what the panel does with jobs. */
export function actionsOf(app: JupyterFrontEnd, board: ILeadersBoard, notebooks: INotebookTracker | null): IJobActions {
  const { client, say, jobs, submitter } = board;
  const { commands } = app;
  /** Do it, look at what has become of it, and tell of its failure. */
  const attempt = async (what: Promise<unknown>): Promise<void> => {
    try {
      await what;
      jobs.ask();
    } catch (problem) {
      tellProblem(problem);
    }
  };
  return {
    client,
    say,
    onCancel: job => attempt(client.cancel(job.job_id)),
    onExecuted: job => attempt(commands.execute(CommandIDs.executed, executedArgs(job))),
    onCell: (job, cell) => attempt(goToCell(app, notebooks, job, cell)),
    onAgain: job => attempt(submitter.again(job, configOf(job))),
    onAgainWith: job => attempt(againWith(board, job)),
    onBoard: job => attempt(commands.execute(CommandIDs.board, { benchmark: job.benchmark })),
    onBoards: () => attempt(commands.execute(CommandIDs.board)),
    mlflowLink: results => mlflowLink(results, jobs.environment?.mlflow_url ?? '')
  };
}

function executedArgs(job: IJob): { job: string; name: string } {
  return { job: job.job_id, name: nameOf(job) };
}

/** Where MLflow shows a run: by the address for this Lab's users, `own`, where there is one; null where there is none. */
export function mlflowLink(results: IResults | null, own: string): string | null {
  const link = results?.mlflow_ui_link ?? null;
  const place = link?.indexOf('#') ?? -1;
  const url = link !== null && own !== '' && place >= 0 ? own + link.slice(place) : link;
  // Nothing but an address that is opened: a link could as well hold a script.
  return url !== null && /^(https?:\/\/|\/(?!\/))/.test(url) ? url : null;
}

/** Ask with what the same files shall run again; the form begins with what they ran with. */
async function againWith(board: ILeadersBoard, job: IJob): Promise<void> {
  const { client, say, submitter, jobs } = board;
  const [submitted, benchmarks, quota] = await Promise.all([
    client.submitted(job.submission_id),
    client.benchmarks(),
    client.quota()
  ]);
  const facts = {
    asked: { parameters: submitted.parameters, benchmarks, files: false },
    given: configOf(job),
    beside: [],
    quota,
    submit: async ({ config }: { config: object }) => {
      await submitter.again(job, config);
      jobs.ask();
    }
  };
  await askAndSubmit(say('Submit {name} again', { name: nameOf(job) }), facts, tellProblem, say);
}

/** Show the cell that a job failed in: in the user's own notebook where it is open, else in the executed one. */
async function goToCell(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker | null,
  job: IJob,
  cell: number
): Promise<void> {
  const own = openNotebook(notebooks, job);
  if (own !== null && cell <= own.content.widgets.length) {
    await show(app, own, cell - 1);
    return;
  }
  const { job: jobId, name } = executedArgs(job);
  await app.commands.execute(CommandIDs.executed, { job: jobId, name });
  const path = executedPath(jobId, name);
  const panel = notebooks?.find(one => one.context.path === path);
  if (panel) {
    await panel.context.ready;
    const cells = panel.content.widgets.map(widget => ({ tags: widget.model.getMetadata('tags') as unknown }));
    await show(app, panel, indexOfCell(cells, cell));
  }
}

async function show(app: JupyterFrontEnd, panel: NotebookPanel, index: number): Promise<void> {
  app.shell.activateById(panel.id);
  await panel.revealed;
  const notebook = panel.content;
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  notebook.mode = 'command';
  await notebook.scrollToItem(index, 'center');
}

/** Return the user's own notebook of that name, if it is open. */
function openNotebook(notebooks: INotebookTracker | null, job: IJob): NotebookPanel | null {
  const isOwn = (panel: NotebookPanel): boolean =>
    panel.context.path.split('/').pop() === job.entrypoint && panel.context.contentsModel?.writable !== false;
  const current = notebooks?.currentWidget ?? null;
  // Of several of that name, the one on screen is meant.
  return current !== null && isOwn(current) ? current : (notebooks?.find(isOwn) ?? null);
}
