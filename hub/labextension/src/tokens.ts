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
  /** What the form begins with; empty for what the benchmark says. */
  resourceClass: string;
}

export const ILeadersBoard = new Token<ILeadersBoard>(
  'jupyterlab-leadersboard:ILeadersBoard',
  'Submissions to LeadersBoard: its client, the jobs of the user, and what submits.'
);

/** The commands, by what they do. */
export namespace CommandIDs {
  export const start = 'leadersboard:start';
  export const submit = 'leadersboard:submit';
  export const submitWith = 'leadersboard:submit-with';
  export const panel = 'leadersboard:panel';
  export const board = 'leadersboard:board';
  export const executed = 'leadersboard:executed';
  export const compare = 'leadersboard:compare';
}
