/** @jest-environment node */
import { ServerConnection } from '@jupyterlab/services';

import { ExecutedDrive, executedPath, indexOfCell } from '../src/executed';

const FILE = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: 'python3' }, leadersboard: { template: 'padim' } },
  cells: [
    {
      cell_type: 'markdown',
      id: 'm',
      metadata: {},
      source: ['# A\n', 'b'],
      attachments: { 'a.png': { 'image/png': ['QUJD', 'RA=='] } }
    },
    {
      cell_type: 'code',
      id: 'c',
      metadata: { tags: ['kept'], papermill: { duration: 1 } },
      execution_count: 1,
      source: 'x',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['one\n', 'two\n'] },
        {
          output_type: 'display_data',
          metadata: { a: 1 },
          data: {
            'text/html': ['<b>', '</b>'],
            'application/json': ['a', 'b'],
            'application/vnd.x+json': ['c'],
            'image/png': 'QQ=='
          }
        },
        { output_type: 'error', ename: 'E', evalue: 'e', traceback: ['line 1', 'line 2'] }
      ]
    }
  ]
};

function drive(asked: string[] = []): ExecutedDrive {
  const executed = (jobId: string): Promise<unknown> => {
    asked.push(jobId);
    return Promise.resolve(structuredCopy(FILE));
  };
  return new ExecutedDrive({ executed }, ServerConnection.makeSettings({ baseUrl: 'http://lab.example/' }));
}

function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

test('an executed notebook comes whole, its lines joined and nothing else changed', async () => {
  const expected = JSON.parse(JSON.stringify(FILE));
  expected.cells[0].source = '# A\nb';
  expected.cells[0].attachments['a.png']['image/png'] = 'QUJDRA==';
  expected.cells[1].outputs[0].text = 'one\ntwo\n';
  expected.cells[1].outputs[1].data['text/html'] = '<b></b>';
  const model = await drive().get('j1/own (executed).ipynb', { content: true });
  expect(model.content).toEqual(expected);
  expect(model).toMatchObject({ type: 'notebook', format: 'json', writable: false, name: 'own (executed).ipynb' });
});

test('asking whether it is there asks for no content', async () => {
  const asked: string[] = [];
  const model = await drive(asked).get('j1/own.ipynb', { content: false });
  expect(model).toMatchObject({ content: null, format: null, writable: false });
  expect(asked).toEqual([]);
});

test('the job is found by its path', async () => {
  const asked: string[] = [];
  await drive(asked).get(executedPath('j1', 'own.ipynb').replace('LeadersBoard:', ''));
  expect(asked).toEqual(['j1']);
});

test('the executed notebook has another name than the user’s own', () => {
  expect(executedPath('j1', 'own.ipynb')).toBe('LeadersBoard:j1/own (executed).ipynb');
});

test('folders of the drive are empty', async () => {
  expect(await drive().get('')).toMatchObject({ type: 'directory', content: [] });
  expect(await drive().get('j1')).toMatchObject({ type: 'directory', content: [] });
});

test.each([
  'newUntitled',
  'delete',
  'rename',
  'save',
  'copy',
  'createCheckpoint',
  'restoreCheckpoint',
  'deleteCheckpoint'
] as const)('there is no way to %s', async name => {
  await expect(drive()[name]()).rejects.toThrow('read only');
});

test('the download comes from the server half', async () => {
  expect(await drive().getDownloadUrl('j1/own.ipynb')).toBe('http://lab.example/leadersboard/api/jobs/j1/notebook');
});

test('the cell that the platform has put in is not counted', () => {
  const cells = [{ tags: undefined }, { tags: ['parameters'] }, { tags: ['injected-parameters'] }, { tags: [] }];
  expect(indexOfCell(cells, 1)).toBe(0);
  expect(indexOfCell(cells, 2)).toBe(1);
  expect(indexOfCell(cells, 3)).toBe(3);
  expect(indexOfCell(cells, 4)).toBe(-1);
});
