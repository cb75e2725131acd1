import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';

import type { IJob, IQueued } from '../api';
import type { Client } from '../client';
import { executedPath } from '../executed';
import { CommandIDs, ILeadersBoard } from '../tokens';

/** Ask for the same run again. */
export function again(client: Client, job: IJob): Promise<IQueued> {
  return client.again(job.submission_id, configOf(job), UUID.uuid4());
}

function configOf(job: IJob): object {
  return {
    resource_class: job.resource_class,
    ...(job.benchmark === null ? {} : { benchmark: job.benchmark }),
    ...(Object.keys(job.parameters).length > 0 ? { parameters: job.parameters } : {})
  };
}

/** Open the form for the notebook of a job, filled in as it was; its own notebook, or else the one that was executed. */
export async function againWith(
  app: JupyterFrontEnd,
  board: ILeadersBoard,
  notebooks: INotebookTracker | null,
  job: IJob
): Promise<void> {
  const own = openNotebook(notebooks, job) ?? (await openByName(app, notebooks, job));
  if (own === null) {
    throw new Error(board.say('Open {name} first; then submit it with other parameters.', { name: job.entrypoint ?? '' }));
  }
  app.shell.activateById(own.id);
  const initial = { resource_class: job.resource_class, benchmark: job.benchmark ?? undefined, parameters: job.parameters };
  await app.commands.execute(CommandIDs.submitWith, { initial: JSON.parse(JSON.stringify(initial)) });
}

/** Show the cell that a job failed in: in the user's own notebook where it is open, else in the executed one. */
export async function goToCell(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker | null,
  job: IJob,
  cell: number
): Promise<void> {
  let panel = openNotebook(notebooks, job);
  if (panel === null || cell > panel.content.widgets.length) {
    const name = job.entrypoint ?? 'executed.ipynb';
    await app.commands.execute(CommandIDs.executed, { job: job.job_id, name });
    const path = executedPath(job.job_id, name);
    panel = notebooks?.find(one => one.context.path === path) ?? null;
  }
  if (panel === null) {
    return;
  }
  app.shell.activateById(panel.id);
  await panel.context.ready;
  const notebook = panel.content;
  notebook.deselectAll();
  notebook.activeCellIndex = cell - 1;
  notebook.mode = 'command';
  await notebook.scrollToItem(cell - 1, 'center');
}

/** Return the user's own notebook of that name, if it is open. */
function openNotebook(notebooks: INotebookTracker | null, job: IJob): NotebookPanel | null {
  const named = (panel: NotebookPanel): boolean =>
    panel.context.path.split('/').pop() === job.entrypoint && panel.context.contentsModel?.writable !== false;
  return notebooks?.find(named) ?? null;
}

async function openByName(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker | null,
  job: IJob
): Promise<NotebookPanel | null> {
  const path = job.entrypoint ?? '';
  try {
    await app.serviceManager.contents.get(path, { content: false });
  } catch {
    return null;
  }
  await app.commands.execute('docmanager:open', { path });
  return openNotebook(notebooks, job);
}
