import type { ITranslator } from '@jupyterlab/translation';

import { JAPANESE } from './japanese';

/** Says a text in the language of Lab; `{name}` in it is replaced by the fact of that name. */
export type Say = (text: string, facts?: Record<string, string | number>) => string;

const DOMAIN = 'jupyterlab_leadersboard';

/**
 * Return what says texts in Lab's language.
 *
 * A language pack that knows this extension comes first. Japanese travels with the extension, since packs are
 * distributions of their own.
 */
export function speaker(translator: ITranslator): Say {
  const pack = translator.load(DOMAIN);
  return (text, facts = {}) => {
    const said = pack.__(text);
    const known = said === text && isJapanese(translator) ? (JAPANESE[text] ?? text) : said;
    return known.replace(/\{(\w+)\}/g, (whole, name) => String(facts[name] ?? whole));
  };
}

/** The language that sentences of the platform are asked for in. */
export function languageOf(translator: ITranslator): string {
  return isJapanese(translator) ? 'ja' : 'en';
}

function isJapanese(translator: ITranslator): boolean {
  return translator.languageCode.toLowerCase().startsWith('ja');
}
