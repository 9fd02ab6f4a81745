import './app/invited';
import { mount } from 'svelte';
import '@digital-go-jp/design-tokens/dist/tokens.css';
import './app/style.css';
import App from './app/App.svelte';

mount(App, { target: document.getElementById('app')! });
