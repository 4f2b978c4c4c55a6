import { PluginLink } from '../elements/plugin-link.tsx';
import type { SystemStatus } from '../messages.ts';
import { QuarantineNote } from '../plugins/quarantine-note.tsx';

/** The plugins in quarantine, and those that come out of it. */
export function HeldBack({ status: { plugins } }: { readonly status: SystemStatus }) {
  return plugins.map(({ name, quarantine }) =>
    quarantine === undefined ? null : (
      <QuarantineNote key={name} quarantine={quarantine}>
        <PluginLink name={name} />
      </QuarantineNote>
    ),
  );
}
