import { Notification } from '@jupyterlab/apputils';

/** Tell the user what went wrong where no form or panel can. `actions` are what can be done about it. */
export function tellProblem(problem: unknown, actions: Notification.IAction[] = []): void {
  const message = problem instanceof Error ? problem.message : String(problem);
  Notification.error(message, { autoClose: actions.length > 0 ? false : 10_000, actions });
}

/** Whether a save was left by the user, or Lab has already said why it failed. */
export function isToldByLab(problem: unknown): boolean {
  const name = problem instanceof Error ? problem.name : '';
  return ['ModalCancelError', 'ModalDuplicateError', 'ResponseError', 'NetworkError'].includes(name);
}
