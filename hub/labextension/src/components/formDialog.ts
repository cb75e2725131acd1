import { Dialog } from '@jupyterlab/apputils';

import type { Say } from '../texts';
import type { IFormFacts } from './SubmitForm';
import { SubmitForm } from './SubmitForm';

/** Ask for one submission in a dialog, which stays until the submission is in or the user leaves it. */
export async function askAndSubmit(
  title: string,
  facts: IFormFacts,
  onLate: (problem: Error) => void,
  say: Say
): Promise<void> {
  const form = new SubmitForm(facts, say);
  const submit = Dialog.okButton({ label: say('Submit') });
  const dialog = new Dialog<null>({
    title,
    body: form,
    buttons: [Dialog.cancelButton({ label: say('Close') }), submit],
    hasClose: true,
    focusNodeSelector: '.lb-Form :is(input, select, textarea)'
  });
  dialog.addClass('lb-Dialog');
  const button = (): HTMLButtonElement | null => dialog.node.querySelector('.jp-Dialog-button.jp-mod-accept');
  form.onBusy = busy => {
    const accept = button();
    const label = accept?.querySelector('.jp-Dialog-buttonLabel');
    accept?.toggleAttribute('disabled', busy);
    if (label) {
      label.textContent = busy ? say('Submitting …') : say('Submit');
    }
  };
  form.onDone = () => {
    if (!dialog.isDisposed) {
      dialog.resolve(1);
    }
  };
  form.onLate = onLate;
  sendInsteadOfClosing(dialog, form);
  await dialog.launch();
}

/** Have the Submit button and Enter send the form; a dialog of Lab would close, whatever came of it. */
function sendInsteadOfClosing(dialog: Dialog<null>, form: SubmitForm): void {
  const listen = (event: Event): void => {
    const target = event.target as HTMLElement;
    const accepts = target.closest('.jp-Dialog-button.jp-mod-accept') !== null;
    const confirms = (event as KeyboardEvent).key === 'Enter' && target.closest('button, textarea, select') === null;
    if (event.type === 'click' ? accepts : confirms || (accepts && (event as KeyboardEvent).key === 'Enter')) {
      event.preventDefault();
      // The dialog listens at the same node.
      event.stopImmediatePropagation();
      void form.send();
    }
  };
  dialog.node.addEventListener('click', listen, true);
  dialog.node.addEventListener('keydown', listen, true);
}
