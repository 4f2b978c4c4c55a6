import type { Rhythm, ScheduleDraft } from './schedule-draft.ts';
import { CATCH_UP_TEXT, OVERLAP_TEXT } from './schedule-words.ts';

const RHYTHMS: Readonly<Record<Rhythm, string>> = {
  cron: 'At times of the clock',
  every: 'At equal distances',
};

interface Props {
  readonly draft: ScheduleDraft;
  readonly change: (fields: Partial<ScheduleDraft>) => void;
}

/** When a schedule runs, and what becomes of runs that cannot take place as planned. */
export function TimingFields({ draft, change }: Props) {
  const { rhythm, cron, timeZone, every, overlap, catchUp } = draft;
  return (
    <>
      <fieldset class="chips">
        <legend class="hidden">When it runs</legend>
        {(['cron', 'every'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={rhythm === one}
            onClick={() => change({ rhythm: one })}
          >
            {RHYTHMS[one]}
          </button>
        ))}
      </fieldset>
      {rhythm === 'cron' ? (
        <div class="fields">
          <label>
            Minute, hour, day, month, weekday
            <input
              required
              value={cron}
              placeholder="0 2 * * *"
              spellcheck={false}
              onInput={(event) => change({ cron: event.currentTarget.value })}
            />
          </label>
          <label>
            Time zone
            <input
              value={timeZone}
              placeholder="UTC"
              spellcheck={false}
              onInput={(event) => change({ timeZone: event.currentTarget.value })}
            />
          </label>
        </div>
      ) : (
        <label>
          Every
          <input
            required
            value={every}
            placeholder="15m, 2h or 1d"
            spellcheck={false}
            onInput={(event) => change({ every: event.currentTarget.value })}
          />
        </label>
      )}
      <div class="fields">
        <Choice
          label="While the previous order goes on, a run is"
          texts={OVERLAP_TEXT}
          value={overlap}
          choose={(value) => change({ overlap: value })}
        />
        <Choice
          label="Runs that were missed are"
          texts={CATCH_UP_TEXT}
          value={catchUp}
          choose={(value) => change({ catchUp: value })}
        />
      </div>
    </>
  );
}

function Choice({
  label,
  texts,
  value,
  choose,
}: {
  readonly label: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly value: string;
  readonly choose: (value: string) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {Object.entries(texts).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
