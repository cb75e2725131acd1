import type { ITranslator } from '@jupyterlab/translation';

import japanese from './locale/ja_JP.json';

/** Says a text in the language of Lab; `{name}` in it is replaced by the fact of that name. */
export type Say = (text: string, facts?: Record<string, string | number>) => string;

/** What Lab knows our texts by. The catalogue is found by it, too (the entry point `jupyterlab.locale`). */
const DOMAIN = 'jupyterlab_leadersboard';

const JAPANESE = japanese as unknown as Record<string, string[] | undefined>;

/**
 * Return what says texts in Lab's language.
 *
 * Lab's translation comes first: it has our catalogue where a language pack is installed, and whatever the pack adds. Lab
 * may be told to be Japanese without a pack; then the same catalogue, which came with the page, serves.
 */
export function speaker(translator: ITranslator): Say {
  const pack = translator.load(DOMAIN);
  return (text, facts = {}) => {
    const said = pack.__(text);
    const known = said === text && isJapanese(translator) ? (JAPANESE[text]?.[0] ?? text) : said;
    return known.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
  };
}

/** The language that sentences of the platform are asked for in. */
export function languageOf(translator: ITranslator): string {
  return isJapanese(translator) ? 'ja' : 'en';
}

function isJapanese(translator: ITranslator): boolean {
  return translator.languageCode.toLowerCase().startsWith('ja');
}
