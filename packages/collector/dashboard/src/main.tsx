import './styles/index.css';
import { render } from 'preact';
import { App } from './shell/App';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
