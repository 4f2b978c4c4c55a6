import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** The browser's own dialog: it keeps the focus inside, and Escape closes it, unless it is busy. */
export function Dialog({
  title,
  isBusy = false,
  onClose,
  children,
}: {
  readonly title: string;
  /** What it was asked for is under way: what comes of it is told here. */
  readonly isBusy?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const own = dialog.current;
    own?.showModal();
    // Closed before it goes, the browser gives the focus back to where it was.
    return () => own?.close();
  }, []);
  const closed = () => {
    if (dialog.current?.isConnected !== true) return;
    // A second Escape in a row closes it whatever the page says.
    if (isBusy) dialog.current.showModal();
    else onClose();
  };
  return (
    <dialog
      ref={dialog}
      onCancel={(event) => isBusy && event.preventDefault()}
      onClose={closed}
      aria-labelledby="dialog-title"
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}
