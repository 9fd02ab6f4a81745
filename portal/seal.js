// After the build: every script and style gets its digest (subresource integrity), page chunks through the import map,
// whose own digest goes into the policy; and `files.tsv` says what the web role serves: path, media type, digest.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = 'target/dist';
const base = '/portal/';
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', mjs: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };

const digest = (content) => `sha384-${createHash('sha384').update(content).digest('base64')}`;
const files = readdirSync(root, { recursive: true }).filter((f) => statSync(join(root, f)).isFile()).sort();
const assets = files.filter((f) => f !== 'index.html' && f !== 'files.tsv' && f !== 'importmap.sha256');
const integrity = Object.fromEntries(assets.map((f) => [base + f, digest(readFileSync(join(root, f)))]));

const map = JSON.stringify({ integrity: Object.fromEntries(Object.entries(integrity).filter(([f]) => /\.m?js$/.test(f))) });
let page = readFileSync(join(root, 'index.html'), 'utf8');
page = page.replace(/ crossorigin/g, '').replace(/(?:src|href)="(\/portal\/[^"]+)"/g, (found, path) => `${found} integrity="${integrity[path]}"`);
page = page.replace('<title>', `<script type="importmap">${map}</script>\n    <title>`);
if (!page.includes('integrity="sha384-') || page.includes('integrity="undefined"')) {
  throw new Error('a script or style has no digest');
}
writeFileSync(join(root, 'index.html'), page);
writeFileSync(join(root, 'importmap.sha256'), createHash('sha256').update(map).digest('base64'));
// what comes before anything can be read or typed: a slow line waits for all of it
const FIRST = 150 * 1024;
const linked = ['index.html', ...assets.filter((f) => /LogIn-[^/]*\.js$/.test(f) || new RegExp(`(?:src|href)="${base}${f}"`).test(page))];
const weight = linked.reduce((sum, f) => sum + gzipSync(readFileSync(join(root, f))).length, 0);
if (weight > FIRST) {
  throw new Error(`the first page weighs ${weight} bytes, over ${FIRST}: ${linked}`);
}
console.log(`first page: ${weight} bytes gzip of ${FIRST} (${linked.length} files)`);
const lines = ['index.html', ...assets].map((f) => [f, TYPES[f.split('.').pop()], digest(readFileSync(join(root, f)))].join('\t'));
if (lines.some((l) => l.includes('undefined'))) {
  throw new Error(`a file of an unknown type: ${lines}`);
}
writeFileSync(join(root, 'files.tsv'), `${lines.join('\n')}\n`);
