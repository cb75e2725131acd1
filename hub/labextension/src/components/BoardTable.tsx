import * as React from 'react';

import type { IBoard, IBoardRow } from '../api';
import { moment } from '../describe';
import type { Say } from '../texts';

/** The rows of a board, one's own marked. */
export function BoardTable(props: { board: IBoard; title: string; user: string; say: Say }): JSX.Element {
  const { board, title, user, say } = props;
  const metrics = Object.keys(board.metrics);
  if (board.rows.length === 0) {
    return <p>{say('Nothing is ranked yet.')}</p>;
  }
  return (
    <table className="lb-Board">
      <caption className="lb-Hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{say('Rank')}</th>
          <th scope="col">{say('User')}</th>
          <th scope="col">{say('Method')}</th>
          {metrics.map(name => (
            <Column key={name} name={name} board={board} say={say} />
          ))}
          <th scope="col">{say('Submitted')}</th>
        </tr>
      </thead>
      <tbody>
        {board.rows.map(row => (
          <Row key={row.job_id} row={row} metrics={metrics} board={board} user={user} say={say} />
        ))}
      </tbody>
    </table>
  );
}

function Column({ name, board, say }: { name: string; board: IBoard; say: Say }): JSX.Element {
  const up = board.metrics[name] === 'maximize';
  const primary = name === board.primary_metric;
  const order = up ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={`lb-mod-number ${primary ? 'lb-mod-primary' : ''}`}
      aria-sort={primary ? order : undefined}
    >
      {name}{' '}
      <span aria-hidden="true" title={up ? say('more is better') : say('less is better')}>
        {up ? '↑' : '↓'}
      </span>
      <span className="lb-Hidden">{up ? say('more is better') : say('less is better')}</span>
    </th>
  );
}

function Row(props: { row: IBoardRow; metrics: string[]; board: IBoard; user: string; say: Say }): JSX.Element {
  const { row, metrics, board, user, say } = props;
  const own = row.user_id === user;
  const method = row.method ?? row.template ?? row.submission_id.slice(0, 8);
  return (
    <tr className={own ? 'lb-mod-own' : undefined} data-job={row.job_id}>
      <td className="lb-mod-number">{row.rank ?? '–'}</td>
      <td>
        {row.user_id}
        {own && <span className="lb-Badge">{say('you')}</span>}
      </td>
      <td>
        {method}
        {row.kind === 'reported' && <span className="lb-Badge">{say('reported')}</span>}
      </td>
      {metrics.map(name => (
        <td key={name} className={`lb-mod-number ${name === board.primary_metric ? 'lb-mod-primary' : ''}`}>
          {row.metrics[name]?.toFixed(3) ?? '–'}
        </td>
      ))}
      <td>
        <time dateTime={row.submitted_at} title={new Date(row.submitted_at).toLocaleString()}>
          {moment(row.submitted_at, Date.now())}
        </time>
      </td>
    </tr>
  );
}
