import { Token } from '@lumino/coreutils';

import type { Client } from './client';
import type { Jobs } from './jobs';
import type { Submitter } from './submitter';
import type { Say } from './texts';

/** What the plugins of this extension share. */
export interface ILeadersBoard {
  readonly client: Client;
  readonly jobs: Jobs;
  readonly submitter: Submitter;
  readonly say: Say;
  /** What a user has set. */
  readonly preferences: IPreferences;
}

export interface IPreferences {
  /** Seconds between two looks while something runs. */
  refreshSeconds: number;
  /** Whether the end of a job is told. */
  notifications: boolean;
  /** What Submit asks for; empty for what the benchmark says. */
  resourceClass: string;
}

export const ILeadersBoard = new Token<ILeadersBoard>(
  'jupyterlab-leadersboard:ILeadersBoard',
  'Submissions to LeadersBoard: its client, the jobs of the user, and what submits.'
);

/** The commands, by what they do. */
export const CommandIDs = {
  start: 'leadersboard:start',
  submit: 'leadersboard:submit',
  submitWith: 'leadersboard:submit-with',
  panel: 'leadersboard:panel',
  board: 'leadersboard:board',
  executed: 'leadersboard:executed',
  compare: 'leadersboard:compare'
} as const;
