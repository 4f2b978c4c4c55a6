import { useState } from 'preact/hooks';
import type { Plugin } from '../messages.ts';
import { may } from '../reading/me.ts';
import { PluginActDialog } from './plugin-act-dialog.tsx';
import { PLUGIN_ACT_WORDS } from './plugin-act-words.ts';
import { type PluginAct, possiblePluginActs } from './possible-plugin-acts.ts';

/** What may be done with a plugin as it is now. */
export function PluginActs({
  plugin,
  done,
}: {
  readonly plugin: Plugin;
  readonly done: () => void;
}) {
  const [act, setAct] = useState<PluginAct | undefined>();
  const acts = possiblePluginActs(plugin).filter((one) => may(`POST /plugins/{name}/${one}`));
  return (
    <>
      {acts.map((one) => (
        <button
          key={one}
          type="button"
          class={one === 'reopen' ? 'primary' : undefined}
          onClick={() => setAct(one)}
        >
          {PLUGIN_ACT_WORDS[one].name}
        </button>
      ))}
      {act && (
        <PluginActDialog
          act={act}
          plugin={plugin.name}
          close={() => setAct(undefined)}
          done={done}
        />
      )}
    </>
  );
}
