import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

import type { ITranslator } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';

import { CELLS } from '../src/components/CompareTab';
import { REASONS } from '../src/components/FailureCard';
import { ENDED } from '../src/describe';
import japanese from '../src/locale/ja_JP.json';
import { languageOf, speaker } from '../src/texts';

const { '': about, ...catalogue } = japanese as unknown as Record<string, string[]>;

/** All texts in the sources that are said to a user. */
function texts(): Set<string> {
  const source = join(__dirname, '..', 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf-8' }).filter(name => /\.tsx?$/.test(name));
  const said = new Set<string>([...Object.values(REASONS), ...Object.values(ENDED), ...Object.values(CELLS)]);
  for (const file of files) {
    const found = readFileSync(join(source, file), 'utf-8').matchAll(/\bsay\(\s*'((?:[^'\\]|\\.)*)'/g);
    [...found].forEach(([, text]) => said.add(text));
  }
  return said;
}

function translator(languageCode: string, known: Record<string, string> = {}): ITranslator {
  const bundle = { ...nullTranslator.load('x'), __: (text: string) => known[text] ?? text };
  return { ...nullTranslator, languageCode, load: () => bundle };
}

test('each text has its Japanese, and there is no Japanese without its text', () => {
  expect(Object.keys(catalogue).sort()).toEqual([...texts()].sort());
});

test('each Japanese text names the same facts', () => {
  const facts = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [english, [said]] of Object.entries(catalogue)) {
    expect([english, facts(said)]).toEqual([english, facts(english)]);
  }
});

test('each Japanese text is one', () => {
  for (const [said] of Object.values(catalogue)) {
    expect(said).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  }
});

test('the catalogue has the shape that Lab reads', () => {
  expect(about).toMatchObject({ domain: 'jupyterlab_leadersboard', language: 'ja_JP' });
});

test('English is said as it is written, with its facts', () => {
  expect(speaker(translator('en'))('rank {rank} of {of}', { rank: 1, of: 9 })).toBe('rank 1 of 9');
});

test('Japanese is said where Lab is Japanese, with a language pack or without', () => {
  expect(speaker(translator('ja_JP'))('rank {rank} of {of}', { rank: 1, of: 9 })).toBe('9 件中 1 位');
  expect(speaker(translator('ja-JP', { Submit: '送る' }))('Submit')).toBe('送る');
});

test('a fact with braces or dollars in it stays as it is', () => {
  expect(speaker(translator('en'))('Submit {name}', { name: '{name}$&.ipynb' })).toBe('Submit {name}$&.ipynb');
});

test('sentences of the platform are asked for in the language of Lab', () => {
  expect(languageOf(translator('ja_JP'))).toBe('ja');
  expect(languageOf(translator('de'))).toBe('en');
});
