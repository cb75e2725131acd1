import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { notebookIcon, pythonIcon } from '@jupyterlab/ui-components';

import type { ITemplate } from '../api';
import { CommandIDs, ILeadersBoard } from '../tokens';

const CATEGORY = 'LeadersBoard';
const RETRY_MS = 15_000;

/** A card for each template; starting from one makes a copy. */
export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-leadersboard:launcher',
  description: 'Starts from templates of LeadersBoard.',
  autoStart: true,
  requires: [ILeadersBoard],
  optional: [ILauncher, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    board: ILeadersBoard,
    cards: ILauncher | null,
    browser: IDefaultFileBrowser | null
  ) => {
    const { client, say } = board;
    app.commands.addCommand(CommandIDs.start, {
      label: args => String(args.title ?? say('Start from a template')),
      caption: args => String(args.caption ?? ''),
      icon: args => (args.kind === 'script' ? pythonIcon : notebookIcon),
      execute: async args => {
        const directory = String(args.cwd ?? browser?.model.path ?? '');
        try {
          const { path } = await client.start(String(args.template), directory);
          await app.commands.execute('docmanager:open', { path });
        } catch (problem) {
          Notification.error((problem as Error).message, { autoClose: false });
        }
      }
    });
    if (cards !== null) {
      void addCards(cards, board);
    }
  }
};

/** Add the cards once LeadersBoard answers. */
async function addCards(cards: ILauncher, board: ILeadersBoard): Promise<void> {
  const { client, say } = board;
  try {
    const templates = await client.templates();
    templates.forEach((template, index) => {
      cards.add({
        command: CommandIDs.start,
        category: CATEGORY,
        rank: index,
        args: { template: template.name, title: template.title, caption: captionOf(template), kind: template.kind }
      });
    });
    const benchmarks = await client.benchmarks();
    benchmarks.forEach((benchmark, index) => {
      const title = benchmarks.length > 1 ? say('Board: {title}', { title: benchmark.title }) : say('Board');
      const args = { benchmark: benchmark.slug, title, caption: benchmark.title };
      cards.add({ command: CommandIDs.board, category: CATEGORY, rank: templates.length + index, args });
    });
  } catch {
    // The panel says that LeadersBoard cannot be reached; the cards come with it.
    window.setTimeout(() => void addCards(cards, board), RETRY_MS);
  }
}

function captionOf(template: ITemplate): string {
  return template.benchmark === null ? template.description : `${template.description} (${template.benchmark})`;
}

