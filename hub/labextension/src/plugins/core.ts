import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Client } from '../client';
import { ExecutedDrive } from '../executed';
import { Jobs } from '../jobs';
import { Submitter } from '../submitter';
import { languageOf, speaker } from '../texts';
import type { IPreferences } from '../tokens';
import { ILeadersBoard } from '../tokens';

const ID = 'jupyterlab-leadersboard:plugin';
const DEFAULTS: IPreferences = { refreshSeconds: 2, notifications: true, resourceClass: '' };

/** What the other plugins share: the client, the jobs, what submits, and the settings. */
export const core: JupyterFrontEndPlugin<ILeadersBoard> = {
  id: ID,
  description: 'Submissions to LeadersBoard.',
  autoStart: true,
  provides: ILeadersBoard,
  optional: [ITranslator, ISettingRegistry],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null, registry: ISettingRegistry | null) => {
    const language = translator ?? nullTranslator;
    const manager = app.serviceManager;
    const client = new Client(manager.serverSettings, () => languageOf(language));
    const preferences = { ...DEFAULTS };
    const jobs = new Jobs(client, 1000 * preferences.refreshSeconds);
    manager.contents.addDrive(new ExecutedDrive(client, manager.serverSettings));
    if (registry !== null) {
      follow(registry, preferences, jobs).catch((problem: unknown) => {
        // The defaults serve; Lab itself shows what is wrong with the settings.
        console.warn('The settings of LeadersBoard could not be read.', problem);
      });
    }
    void app.restored.then(() => jobs.start());
    return { client, jobs, submitter: new Submitter(client, manager.contents), say: speaker(language), preferences };
  }
};

/** Keep the preferences as the user has set them. */
async function follow(registry: ISettingRegistry, preferences: IPreferences, jobs: Jobs): Promise<void> {
  const settings = await registry.load(ID);
  const take = (): void => {
    Object.assign(preferences, settings.composite);
    jobs.soon = 1000 * preferences.refreshSeconds;
  };
  settings.changed.connect(take);
  take();
}
