import { SureDialog } from '../elements/sure-dialog.tsx';
import { api } from '../reading/api.ts';
import { PLUGIN_ACT_WORDS } from './plugin-act-words.ts';
import type { PluginAct } from './possible-plugin-acts.ts';

/** Says what will happen to a plugin, asks why, and does it. */
export function PluginActDialog({
  act,
  plugin,
  close,
  done,
}: {
  readonly act: PluginAct;
  readonly plugin: string;
  readonly close: () => void;
  readonly done: () => void;
}) {
  const { name, effect, isHarsh } = PLUGIN_ACT_WORDS[act];
  return (
    <SureDialog
      title={`${name}: ${plugin}`}
      name={name}
      effect={effect}
      isHarsh={isHarsh}
      reasonSeen="everyone who looks at the plugin sees it"
      perform={async (request) => {
        await api.actOnPlugin(plugin, act, request);
        done();
      }}
      close={close}
    />
  );
}
