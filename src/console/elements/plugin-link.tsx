import type { ComponentChildren } from 'preact';
import { may } from '../reading/me.ts';
import { to } from '../router.ts';

/** Leads to a plugin; where the caller may not see it, only the words. */
export function PluginLink({
  name,
  children = name,
}: {
  readonly name: string;
  readonly children?: ComponentChildren;
}) {
  if (!may('GET /plugins')) return <span>{children}</span>;
  return <a href={to(`/plugins/${name}`)}>{children}</a>;
}
