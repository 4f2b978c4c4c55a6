import { useState } from 'preact/hooks';
import { ActButtons } from '../elements/act-buttons.tsx';
import { Dialog } from '../elements/dialog.tsx';
import { Refusal } from '../elements/problem.tsx';
import { ReasonField } from '../elements/reason-field.tsx';
import { useAsking } from '../elements/use-asking.ts';
import { api } from '../reading/api.ts';
import { PLUGIN_ACT_WORDS } from './plugin-act-words.ts';
import type { PluginAct } from './possible-plugin-acts.ts';

/** Says what will happen, asks why, and does it. */
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
  const [reason, setReason] = useState('');
  const { isBusy, error, ask } = useAsking();
  const { name, effect, isHarsh } = PLUGIN_ACT_WORDS[act];

  const perform = () =>
    ask(async () => {
      await api.actOnPlugin(plugin, act, reason.trim() === '' ? {} : { reason: reason.trim() });
      done();
      close();
    });

  return (
    <Dialog title={`${name}: ${plugin}`} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void perform();
        }}
      >
        <p>{effect}</p>
        <ReasonField
          seen="everyone who looks at the plugin sees it"
          reason={reason}
          change={setReason}
        />
        {error !== undefined && <Refusal error={error} />}
        <ActButtons
          name={isBusy ? 'Asking …' : name}
          isHarsh={isHarsh}
          isDisabled={isBusy}
          leave={close}
        />
      </form>
    </Dialog>
  );
}
