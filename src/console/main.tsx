import './styles/console.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { keepFocus } from './keep-focus.ts';
import { takeTokenFromAddress } from './reading/session.ts';
import { address, followLinks } from './router.ts';

takeTokenFromAddress();
address.value = new URL(location.href);
followLinks();
keepFocus();
render(<App />, document.body);
