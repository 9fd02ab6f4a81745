// Shows what /status says; asks again every five seconds. Texts only, never markup from the network.
const words = {
  authority: ['認証局・台帳', 'authority and ledger'], witness: ['立会人', 'witness'], keys: ['鍵サーバー', 'key server'],
  store: ['保管サーバー', 'store'], gateway: ['医療機関の窓口', 'gateway'],
};
let language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'ja';
let last = null;

const say = (ja, en) => (language === 'ja' ? ja : en);

function translate() {
  document.documentElement.lang = language;
  document.title = say('水引 — 地域の状態', 'Mizuhiki — state of the region');
  for (const e of document.querySelectorAll('[data-ja]')) e.textContent = say(e.dataset.ja, e.dataset.en);
  const button = document.getElementById('language');
  button.textContent = say('English', '日本語');
  button.lang = say('en', 'ja');
  if (last) show(last);
}

function row(server) {
  const item = document.createElement('li');
  const name = document.createElement('span');
  const state = document.createElement('span');
  const [ja, en] = words[server.name.split('-')[0]] ?? [server.name, server.name];
  name.textContent = `${say(ja, en)} (${server.name})`;
  state.textContent = server.up ? say('正常', 'well') : say('応答なし', 'no answer');
  state.className = server.up ? 'up' : 'down';
  item.append(name, state);
  return item;
}

function show(status) {
  last = status;
  document.getElementById('servers').replaceChildren(...status.servers.map(row));
  const down = status.servers.filter((s) => !s.up).length;
  document.getElementById('summary').textContent = down === 0
    ? say('すべて正常に動いています。', 'Everything is well.')
    : say(`${down} 台が応答していません。自動で復旧を試みています。`, `${down} not answering; they are being restarted.`);
  const [, size, root] = status.checkpoint.split('\n');
  document.getElementById('size').textContent = size ?? '–';
  document.getElementById('root').textContent = root ?? '–';
  const signers = status.checkpoint.split('\n').filter((l) => l.startsWith('— ')).map((l) => l.split(' ')[1]);
  document.getElementById('signers').textContent = [...new Set(signers)].join(', ') || '–';
}

async function refresh() {
  try {
    const answer = await fetch('/status', { cache: 'no-store' });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
  } catch {
    document.getElementById('summary').textContent = say('状態を取得できません。しばらくして再度お試しください。', 'The state cannot be had now; it is tried again.');
  }
}

document.getElementById('language').addEventListener('click', () => {
  language = language === 'ja' ? 'en' : 'ja';
  translate();
});
translate();
refresh();
setInterval(refresh, 5000);
