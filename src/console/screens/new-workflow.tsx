import { useState } from 'preact/hooks';
import { go, to } from '../router.ts';
import { WorkflowEditor } from '../workflows/editor.tsx';

const EXAMPLE = `name: greet
activities:
  - name: first
    pre: [A]
    parallel: "*"
`;

export function NewWorkflowScreen() {
  const [name, setName] = useState('');
  return (
    <>
      <h1>New workflow</h1>
      <label class="narrow">
        Name
        <input
          value={name}
          placeholder="greet"
          spellcheck={false}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <WorkflowEditor
        name={name.trim()}
        text={EXAMPLE.replace('greet', name.trim() || 'greet')}
        done={() => go(to(`/workflows/${name.trim()}`))}
      />
    </>
  );
}
