import { useState } from 'preact/hooks';
import { keepToken, token } from '../reading/session.ts';
import { lookAgain } from '../reading/use-polled.ts';

export function SignIn() {
  const [given, setGiven] = useState('');
  const [isKept, setKept] = useState(false);
  const wasRefused = token.value !== undefined;
  return (
    <form
      class="card sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        keepToken(given.trim(), isKept);
        lookAgain();
      }}
    >
      <h1>Sign in</h1>
      {wasRefused ? (
        <p class="problem" role="alert">
          Baton does not accept this token. It may have been revoked, or belong to another system.
        </p>
      ) : (
        <p>This Baton asks who you are.</p>
      )}
      <label>
        Token
        <input
          type="password"
          autocomplete="current-password"
          required
          pattern="[\x21-\x7e]+"
          title="a token has no spaces"
          value={given}
          onInput={(event) => setGiven(event.currentTarget.value)}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isKept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        Keep it in this browser. Otherwise it goes with this tab.
      </label>
      <button type="submit" class="primary">
        Open the console
      </button>
      <p class="dim">
        <code>npx baton open</code> brings the token of your shell along. An operator makes a first
        one with the function <code>tokens</code>; on your machine, <code>npm start -- --auth</code>{' '}
        prints one.
      </p>
    </form>
  );
}
