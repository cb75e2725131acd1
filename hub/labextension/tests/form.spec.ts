import validator from '@rjsf/validator-ajv8';

import type { IAsked, IFormData } from '../src/form';
import { configFrom, errorAt, filesOf, initialData, schemaOf, transformerOf, uiOf, validatorOf } from '../src/form';
import { BENCHMARK, parameter, say } from './builders';

const ASKED: IAsked = {
  parameters: [
    parameter('data_dir', 'text', 'data', { fixed: true }),
    parameter('seed', 'integer', 0, { help: 'of everything random' }),
    parameter('rate', 'number', 0.5),
    parameter('fancy', 'boolean', false),
    parameter('mode', 'choice', 'a', { choices: ['a', 'b'] }),
    parameter('title', 'text', 'x'),
    parameter('layers', 'list', [1, 2]),
    parameter('options', 'object', { a: 1 }),
    parameter('nothing', 'any', null)
  ],
  benchmarks: [BENCHMARK],
  files: true
};
const GIVEN = { benchmark: 'demo', resource_class: 'small' };

function filled(changed: Record<string, unknown>): IFormData {
  const data = initialData(ASKED, GIVEN);
  return { ...data, parameters: { ...data.parameters, ...changed } };
}

/** What is wrong with the form, by field. */
function wrong(data: IFormData): Record<string, string> {
  const { errors } = validator.validateFormData(
    data,
    schemaOf(ASKED, say),
    validatorOf(ASKED, say) as never,
    transformerOf(say) as never
  );
  return Object.fromEntries(errors.map(error => [(error.property ?? '').replace(/^\./, ''), error.message ?? '']));
}

test('each kind of parameter has its field, and what the platform sets has none', () => {
  const fields = (schemaOf(ASKED, say).properties?.parameters as { properties: Record<string, object> }).properties;
  expect(Object.keys(fields)).toEqual(['seed', 'rate', 'fancy', 'mode', 'title', 'layers', 'options', 'nothing']);
  expect(fields.seed).toMatchObject({ type: 'integer', title: 'seed', description: 'of everything random' });
  expect(fields.rate).toMatchObject({ type: 'number' });
  expect(fields.fancy).toMatchObject({ type: 'boolean' });
  expect(fields.mode).toMatchObject({ enum: ['a', 'b'] });
  expect(fields.layers).toMatchObject({ type: 'string' });
});

test('yes or no is a switch', () => {
  expect(uiOf(ASKED).parameters).toMatchObject({ fancy: { 'ui:widget': 'switch' } });
});

test('a form that nobody has touched is right and names no parameters', () => {
  const data = initialData(ASKED, GIVEN);
  expect(wrong(data)).toEqual({});
  expect(configFrom(data, ASKED)).toEqual(GIVEN);
});

test('only what differs from the notebook is sent, as what it is', () => {
  const data = filled({ seed: 7, fancy: true, layers: '[3]', options: '{"a":1}', nothing: '2', mode: 'b' });
  expect(configFrom(data, ASKED).parameters).toEqual({ seed: 7, fancy: true, mode: 'b', layers: [3], nothing: 2 });
});

test('an emptied text is an empty text', () => {
  expect(configFrom(filled({ title: '' }), ASKED).parameters).toEqual({ title: '' });
});

test('an emptied number is asked for', () => {
  expect(wrong(filled({ rate: undefined }))).toEqual({ 'parameters.rate': 'Fill this in.' });
});

test.each([
  ['seed', 1.5, 'Give a whole number.'],
  ['rate', 'much', 'Give a number.'],
  ['layers', '[1,', 'layers is not JSON, for example [1, 2].'],
  ['layers', '{"a": 1}', 'Give a list, for example [1, 2].'],
  ['options', '[1]', 'Give an object, for example {"a": 1}.'],
  ['options', 'null', 'Give an object, for example {"a": 1}.'],
  ['nothing', 'text', 'nothing is not JSON, for example 1, "text", null.'],
  ['mode', 'c', 'Choose one of the list.']
])('%s cannot be %p', (name, value, sentence) => {
  expect(wrong(filled({ [name]: value }))).toEqual({ [`parameters.${name}`]: sentence });
});

test('the form for another run begins with what the job ran with', () => {
  const data = initialData(ASKED, { ...GIVEN, parameters: { seed: 9, layers: [5] } });
  expect(data.parameters).toMatchObject({ seed: 9, layers: '[5]', rate: 0.5 });
});

test('a notebook without parameters has a form all the same', () => {
  const asked = { ...ASKED, parameters: null };
  expect(Object.keys(schemaOf(asked, say).properties ?? {})).toEqual(['benchmark', 'resource_class', 'files']);
  expect(configFrom(initialData(asked, GIVEN), asked)).toEqual(GIVEN);
});

test('files are one path a line, each once', () => {
  expect(filesOf({ files: 'a.py\n\n  sub/b.py \na.py' })).toEqual(['a.py', 'sub/b.py']);
});

test('an error of the platform is shown at its field', () => {
  const schema = schemaOf(ASKED, say);
  expect(errorAt('parameters.seed', 'No.', schema)).toEqual({ parameters: { seed: { __errors: ['No.'] } } });
  expect(errorAt('files', 'No.', schema)).toEqual({ files: { __errors: ['No.'] } });
});

test('an error about something the form does not have is shown above it', () => {
  const schema = schemaOf({ ...ASKED, files: false }, say);
  expect(errorAt('files', 'No.', schema)).toBeNull();
  expect(errorAt('parameters.data_dir', 'No.', schema)).toBeNull();
  expect(errorAt(null, 'No.', schema)).toBeNull();
});
