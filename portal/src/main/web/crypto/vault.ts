/** What lies under the master key (room `account`: Vault, Head): neither server is believed, both answers are bound to their place. */
import { concat, hex, number, own, unbase64, unhex, whole, type Bytes } from './bytes';
import { decode, encode } from './canonical';
import { sha256 } from './hash';
import { closeByMaster, DAMAGED, masterKeyOf, openByMaster, type MasterKey } from './master';
import { check, unless } from './refusal';
import { readWay, writeWay, type State, type Way } from './ways';

const MAX_WAYS = 1 << 17;
const HEAD = 40;

/** As the store keeps it: number, and the closed keyring in base64. */
export type Kept = { number: number; content: string };

/** @property keyring as devices write it; @property ways the register: a new master key is closed for its keys only */
export type Vault = { ways: Way[]; keyring: Bytes };

/** @property keyring the newest that was known; @property before the master key before, while it is being changed */
export type Head = { keyring: number; digest: string; before?: MasterKey };

export function digestOf(kept: Kept): string {
  return hex(sha256(unbase64(kept.content)));
}

export async function closeVault(master: MasterKey, vault: Vault, at: number): Promise<Kept> {
  const register = encode(new Map(vault.ways.map((way) => [way.name, writeWay(way)])));
  const plain = concat(whole(register.length, 4), register, vault.keyring);
  const content = await closeByMaster(master, 'keyring', at, plain);
  plain.fill(0);
  return { number: at, content };
}

/** @throws Refusal `account-damaged` */
export async function openVault(master: MasterKey, kept: Kept): Promise<Vault> {
  const plain = await openByMaster(master, 'keyring', kept.number, kept.content);
  return unless(DAMAGED, () => {
    const length = number(plain.slice(0, 4));
    check(DAMAGED, length <= MAX_WAYS && length <= plain.length - 4);
    const ways = [...decode(plain.slice(4, 4 + length)).values()].map(readWay);
    return { ways, keyring: own(plain.slice(4 + length)) };
  });
}

export function closeHead(master: MasterKey, head: Head, at: number): Promise<string> {
  const before = head.before ? [whole(Number(head.before.epoch), 8), head.before.key] : [];
  return closeByMaster(master, 'head', at, concat(whole(head.keyring, 8), unhex(head.digest), ...before));
}

/** @throws Refusal `account-damaged` */
export async function openHead(master: MasterKey, state: State): Promise<Head> {
  const plain = await openByMaster(master, 'head', state.number, state.head);
  return unless(DAMAGED, () => {
    check(DAMAGED, plain.length === HEAD || plain.length === 2 * HEAD);
    const known = { keyring: number(plain.slice(0, 8)), digest: hex(plain.slice(8, HEAD)) };
    if (plain.length === HEAD) {
      return known;
    }
    const epoch = String(number(plain.slice(HEAD, HEAD + 8)));
    return { ...known, before: masterKeyOf(master.person, epoch, plain.slice(HEAD + 8)) };
  });
}

/** Neither older nor another than the head says. @throws Refusal `account-rolled-back` */
export function mustBeNewest(kept: Kept, head: Head): void {
  const other = kept.number === head.keyring && head.before === undefined && digestOf(kept) !== head.digest;
  check('account-rolled-back', kept.number >= head.keyring && !other);
}

