import { expect, test } from 'vitest';
import { hex } from '../../main/web/crypto/bytes';
import type { Fields } from '../../main/web/crypto/canonical';
import { sha256 } from '../../main/web/crypto/hash';
import { Refusal } from '../../main/web/crypto/refusal';
import type { Attested } from '../../main/web/crypto/statement';
import { alone, Case, chain } from '../../main/web/crypto/statute';
import type { Desk } from '../../main/web/worker/professional/desk';
import { released } from '../../main/web/worker/professional/opening';

const [patient, author, reader, other] = ['P-1111-1111-1111', 'P-2222-2222-2222', 'P-3333-3333-3333', 'P-4444-4444-4444'];
const now = Date.now();
const id = (n: number) => hex(sha256(Uint8Array.of(n)));
const letter = id(50);
const at = (hours: number) => new Date(Math.floor(now / 1000) * 1000 + hours * 3600_000).toISOString().replace('.000', '');

function attested(n: number, kind: string, by: string, own: Record<string, string>, hours = -2): Attested {
  const record = new Map(Object.entries(own));
  return { statement: { id: id(n), kind, by, at: Date.parse(at(hours)), record }, signer: {} as Attested['signer'], stampedAt: 0 };
}

const sealed = attested(0, 'letter-sealed', author, { owner: patient, letter });
const grant = (n: number, hours: number, own: Record<string, string> = {}, by = author) =>
  attested(n, 'lateral-grant', by, { reader, owner: patient, letter, until: at(hours), ...own });
const relation = (n: number, by: string) => attested(n, 'care-relation', by, { professional: author, patient, until: at(99) }, -3);

/** @param refused what the key server says of each grant */
function asking(me: string, refused: Record<string, string>) {
  const asked: (string | undefined)[] = [];
  const desk = {
    me: { id: me }, ring: {},
    statements: { signed: (record: Fields) => Promise.resolve({ signed: record, id: '' }) },
    region: { keys: { post: (_: string, { signed }: { signed: Fields }) => {
      const under = signed.get('grant');
      asked.push(under);
      const no = refused[under ?? ''];
      return no ? Promise.reject(new Refusal(no, '', '')) : Promise.resolve({});
    } } },
  } as unknown as Desk;
  return { desk, asked };
}

const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (e: unknown) => (e instanceof Refusal ? e.code : String(e)));

test('a letter is asked for under the grant that permits it, though a longer one was barred', async () => {
  const { desk, asked } = asking(reader, { [id(1)]: 'reader-barred' });
  const found = await released(desk, sealed, [sealed, grant(2, 5), grant(1, 50)], 'treatment');
  expect(found.grant?.statement.id).toBe(id(2));
  expect(asked).toEqual([id(1), id(2)]);
});

test('what was ended by somebody entitled, or is over, is asked under last; who is not entitled ends nothing', async () => {
  const ends = (n: number, by: string, what: number) => attested(n, 'revocation', by, { ends: id(what), reason: 'withdrawn' });
  const { desk, asked } = asking(reader, { [id(1)]: 'grant-revoked', [id(2)]: 'reader-barred', [id(3)]: 'grant-expired' });
  const known = [sealed, grant(3, -1), grant(1, 50), grant(2, 5), ends(8, patient, 1), ends(9, other, 2)];
  expect(await code(released(desk, sealed, known, 'treatment'))).toBe('grant-expired'); // the nearest to a yes
  expect(asked).toEqual([id(2), id(1), id(3)]);
});

test('a server that is away ends the asking, and who has no grant does not ask', async () => {
  const { desk, asked } = asking(reader, { [id(1)]: 'server-unreachable' });
  expect(await code(released(desk, sealed, [sealed, grant(1, 50), grant(2, 5)], 'treatment'))).toBe('server-unreachable');
  expect(asked).toEqual([id(1)]);
  expect(await code(released(asking(reader, {}).desk, sealed, [sealed], 'treatment'))).toBe('not-a-reader');
  expect((await released(asking(author, {}).desk, sealed, [sealed, grant(1, 50)], 'treatment')).grant).toBeUndefined();
});

test('the grant that is named is judged alone: one beside it permits nothing', () => {
  const said = [sealed, relation(10, author), relation(11, patient), grant(1, 50), grant(2, -1)].map((a) => a.statement);
  expect(new Case(said).mayOpen(reader, letter, now)).toEqual({ because: id(1) });
  expect(new Case(alone(id(2), said)).mayOpen(reader, letter, now)).toEqual({ rule: 'grant-expired' });
  expect(new Case(alone(id(1), said)).mayOpen(reader, letter, now)).toEqual({ because: id(1) });
  expect(new Case(alone(id(7), said)).mayOpen(reader, letter, now)).toEqual({ rule: 'not-a-reader' });
});

test('a grant stands with those it was passed on under, however they are knotted', () => {
  const passed = grant(2, 40, { under: id(1) }, other);
  const said = [grant(1, 50, { reader: other, onward: '1' }), passed, grant(3, 45)].map((a) => a.statement);
  expect(chain(id(2), said).map((s) => s.id)).toEqual([id(2), id(1)]);
  expect(chain(id(4), [grant(4, 1, { under: id(4) }).statement])).toHaveLength(3);
});
