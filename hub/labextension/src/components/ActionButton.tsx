import * as React from 'react';

/** A button that is not to be pressed again before what it began has ended. */
export function ActionButton(props: {
  onClick: () => Promise<void>;
  disabled?: boolean;
  className?: string;
  children: React.ReactNode;
}): JSX.Element {
  const [busy, setBusy] = React.useState(false);
  const shown = React.useRef(true);
  React.useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const onClick = async (): Promise<void> => {
    setBusy(true);
    try {
      await props.onClick();
    } finally {
      if (shown.current) {
        setBusy(false);
      }
    }
  };
  return (
    <button
      type="button"
      className={`lb-Button ${props.className ?? ''}`}
      disabled={busy || props.disabled}
      aria-busy={busy}
      onClick={() => void onClick()}
    >
      {props.children}
    </button>
  );
}
