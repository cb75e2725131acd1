import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';

import type { IBenchmark, ITemplate } from '../api';
import { scriptIcon, templateIcon } from '../icons';
import { CommandIDs, ILeadersBoard } from '../tokens';
import { tellProblem } from './problems';

const CATEGORY = 'LeadersBoard';

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
      label: args => text(args.title) || say('Start from a Template'),
      caption: args => text(args.caption),
      icon: args => (args.kind === 'script' ? scriptIcon : templateIcon),
      execute: async args => {
        const directory = text(args.cwd) || (browser?.model.path ?? '');
        try {
          const { path } = await client.start(text(args.template), directory);
          await app.commands.execute('docmanager:open', { path });
        } catch (problem) {
          tellProblem(problem);
        }
      }
    });
    if (cards !== null) {
      addCardsOnce(cards, board);
    }
  }
};

/** Add the cards as soon as LeadersBoard answers. */
function addCardsOnce(cards: ILauncher, board: ILeadersBoard): void {
  const { client, jobs } = board;
  let asked = false;
  const add = async (): Promise<void> => {
    if (asked || !jobs.isLoaded || jobs.problem !== null) {
      return;
    }
    asked = true;
    try {
      const [templates, benchmarks] = await Promise.all([client.templates(), client.benchmarks()]);
      addCards(cards, board, templates, benchmarks);
    } catch {
      // The panel says that LeadersBoard cannot be reached; the cards come with the next answer.
      asked = false;
    }
  };
  jobs.changed.connect(() => void add());
}

function addCards(cards: ILauncher, board: ILeadersBoard, templates: ITemplate[], benchmarks: IBenchmark[]): void {
  const { say } = board;
  const titles = new Map(benchmarks.map(one => [one.slug, one.title]));
  templates.forEach((template, rank) => {
    const { name, kind, title, description, benchmark } = template;
    const on = benchmark === null ? '' : ` – ${say('Benchmark')}: ${titles.get(benchmark) ?? benchmark}`;
    cards.add({
      command: CommandIDs.start,
      category: CATEGORY,
      rank,
      args: { template: name, kind, title, caption: description + on }
    });
  });
  benchmarks.forEach(({ slug, title }, index) => {
    const label = benchmarks.length === 1 ? say('Board') : say('Board: {title}', { title });
    cards.add({
      command: CommandIDs.board,
      category: CATEGORY,
      rank: templates.length + index,
      args: { benchmark: slug, title: label, caption: say('Board: {title}', { title }) }
    });
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
