/**
 * The region's servers as this page reaches them (docs/portal.md): each over a TLS connection of its own, without cookies.
 * Whoever is logged in signs every request with the key of the own certificate; no token would be worth stealing.
 */
import { base64, concat, hex, utf8, type Bytes } from '../crypto/bytes';
import type { Keyring } from '../crypto/keyring';
import { no, Refusal } from '../crypto/refusal';
import type { Stamping } from '../crypto/signed';
import { stampRequest, stampToken } from '../crypto/stamp';

const COMPONENTS = '("@method" "@path" "@query" "content-digest" "mizuhiki-chain")';
const PATIENCE = 60_000;
/** Bytes a millisecond. */
const SLOWEST = 64;
const MAX_JSON = 32 << 20;

/** Server time as far as it is known, for signing requests only: nothing is believed because of it. */
export class ServerTime {
  private offset = 0;

  learn(date: string | null): void {
    const at = date === null ? Number.NaN : Date.parse(date);
    if (Number.isFinite(at)) {
      this.offset = at - Date.now();
    }
  }

  now(): number {
    return Date.now() + this.offset;
  }
}

/** @property key by which a repeated request is known */
export type Ask = { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; body?: Bytes; type?: string; as?: Keyring; most?: number; key?: string };

export class Server {
  /** @param role as the server is called; it stands in every signature, so that none counts at another server */
  constructor(private readonly role: string, private readonly base: string, private readonly time: ServerTime) {}

  async json(path: string, ask: Ask = {}): Promise<unknown> {
    const bytes = await this.bytes(path, { most: MAX_JSON, ...ask });
    try {
      return bytes.length === 0 ? {} : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw no('answer-malformed');
    }
  }

  post(path: string, body: unknown, as?: Keyring, key?: string): Promise<unknown> {
    const own = { ...(as ? { as } : {}), ...(key ? { key } : {}) };
    return this.json(path, { method: 'POST', body: utf8(JSON.stringify(body)), type: 'application/json', ...own });
  }

  put(path: string, body: unknown, as?: Keyring): Promise<unknown> {
    return this.json(path, { method: 'PUT', body: utf8(JSON.stringify(body)), type: 'application/json', ...(as ? { as } : {}) });
  }

  async bytes(path: string, ask: Ask = {}): Promise<Bytes> {
    const method = ask.method ?? 'GET';
    const headers = new Headers(ask.type ? { 'content-type': ask.type } : {});
    if (ask.key) {
      headers.set('idempotency-key', ask.key);
    }
    if (ask.as) {
      await this.sign(headers, method, path, ask.body ?? new Uint8Array(), ask.as);
    }
    const answer = await this.fetched(path, {
      method, headers, ...(ask.body ? { body: ask.body } : {}), mode: 'cors', credentials: 'omit', cache: 'no-store',
      redirect: 'error', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(PATIENCE + (ask.body?.length ?? 0) / SLOWEST),
    });
    this.time.learn(answer.headers.get('date'));
    const content = await bounded(answer, ask.most ?? MAX_JSON);
    if (!answer.ok) {
      throw refused(content);
    }
    return content;
  }

  private async fetched(path: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(this.base + path, request);
    } catch {
      throw no('server-unreachable');
    }
  }

  /** RFC 9421, the one profile that servers take (room `wire`, SignedCalls). */
  private async sign(headers: Headers, method: string, path: string, body: Bytes, as: Keyring): Promise<void> {
    const [where, query] = path.split('?');
    const digest = `sha-256=:${base64(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))}:`;
    const chain = as.chain.slice(0, 2).map((c) => base64(c.der)).join(', ');
    const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
    const created = Math.floor(this.time.now() / 1000);
    const parameters = `${COMPONENTS};created=${created};nonce="${nonce}";alg="ecdsa-p256-sha256";tag="mizuhiki-browser-1 ${this.role}"`;
    const base = [
      `"@method": ${method}`, `"@path": ${where}`, `"@query": ?${query ?? ''}`, `"content-digest": ${digest}`,
      `"mizuhiki-chain": ${chain}`, `"@signature-params": ${parameters}`,
    ].join('\n');
    const value = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, as.signing, utf8(base));
    headers.set('content-digest', digest);
    headers.set('mizuhiki-chain', chain);
    headers.set('signature-input', `mizuhiki=${parameters}`);
    headers.set('signature', `mizuhiki=:${base64(new Uint8Array(value))}:`);
  }
}

/** Time stamps of the authority, each for a question of one's own. */
export const stamping = (authority: Server): Stamping => async (over) => {
  const nonce = crypto.getRandomValues(new Uint8Array(8));
  const ask = { method: 'POST', body: stampRequest(over, nonce), type: 'application/timestamp-query' } as const;
  return stampToken(await authority.bytes('/tsa', ask), nonce);
};

/** A server cannot fill this device's memory. */
async function bounded(answer: Response, most: number): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  const reader = answer.body?.getReader();
  for (let size = 0; reader; ) {
    const { done, value } = await reader.read().catch(() => {
      throw no('server-unreachable');
    });
    if (done) {
      break;
    }
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw no('answer-malformed');
    }
    parts.push(value);
  }
  return concat(...parts);
}

/** A server's "no" in its own words; they are shown as text. */
function refused(content: Bytes): Refusal {
  try {
    const problem: unknown = JSON.parse(new TextDecoder().decode(content));
    const { code, title, 'title-en': english } = problem as Record<string, unknown>;
    if (typeof code === 'string' && /^[a-z][a-z-]{2,60}$/.test(code) && typeof title === 'string' && typeof english === 'string') {
      return new Refusal(code, title.slice(0, 300), english.slice(0, 300));
    }
  } catch {
    // whatever it is, it is no answer of ours
  }
  return no('answer-malformed');
}
