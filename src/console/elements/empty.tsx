import type { ComponentChildren } from 'preact';

/** There is nothing yet: why, and what to do. */
export function Empty({
  title,
  isScreen = false,
  children,
}: {
  readonly title: string;
  /** It is all that the screen shows. */
  readonly isScreen?: boolean;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      {isScreen ? <h1>{title}</h1> : <strong>{title}</strong>}
      {children}
    </div>
  );
}
