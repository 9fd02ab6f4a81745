import { describe, expect, test } from 'vitest';
import { utf8 } from '../../main/web/crypto/bytes';
import { document } from '../../main/web/worker/document';
import { words } from '../../main/web/worker/narrative';
import { Shape } from '../../main/web/worker/shape';

describe('a narrative', () => {
  test('is its words, a line for a block, a gap for a cell', () => {
    const xhtml = '<div xmlns="http://www.w3.org/1999/xhtml"><p>紹介 &amp; 依頼</p><table><tr><td>血圧</td><td>120&#x2F;80</td></tr></table>a<br/>b</div>';
    expect(words(xhtml)).toBe('紹介 & 依頼\n血圧　120/80\na\nb');
  });

  test('has no markup left whatever it holds, and what was escaped stays text', () => {
    expect(words('<p>a<script>alert(1)</script>b</p>')).toBe('aalert(1)b');
    expect(words('<img src=x onerror="alert(1)">b')).toBe('b');
    expect(words('a<!-- <b> -->c<unclosed')).toBe('ac');
    expect(words('&lt;script&gt;alert(1)&lt;/script&gt;')).toBe('<script>alert(1)</script>');
    expect(words('&#0;&#xD800;&#x110000;&unknown;&#65;')).toBe('&unknown;A');
  });

  test('of a megabyte of brackets ends soon and is not text', () => {
    expect(words('<'.repeat(1 << 20))).toBe('');
    expect(words('<p>'.repeat(100_000))).toBe('');
  });
});

describe('a document', () => {
  test('shows title, patient and nested sections as texts', () => {
    const bundle = {
      entry: [
        { resource: { resourceType: 'Composition', title: '診療情報提供書', date: '2026-05-01', section: [{ title: '目的', text: { div: '<div><p>精査</p></div>' }, section: [{ title: '中', text: { div: '<p>x</p>' } }] }] } },
        { resource: { resourceType: 'Patient', name: [{ family: '水引', given: ['花'] }] } },
      ],
    };
    const shown = document(utf8(JSON.stringify(bundle)));
    expect(shown).toMatchObject({ title: '診療情報提供書', patient: '水引 花' });
    expect(shown.sections[0]).toMatchObject({ title: '目的', text: '精査' });
    expect(shown.sections[0]!.sections[0]).toMatchObject({ title: '中', text: 'x' });
  });

  test('of any other form shows less and breaks nothing', () => {
    for (const odd of ['', 'null', '[]', '{"entry":5}', '{"entry":[null,{"resource":{"resourceType":"Composition","title":7,"section":[[]]}}]}']) {
      expect(document(utf8(odd)).title).toBe('');
    }
    let deep = '{"section":[]}';
    for (let i = 0; i < 100; i++) {
      deep = `{"title":"x","section":[${deep}]}`;
    }
    const bundle = `{"entry":[{"resource":{"resourceType":"Composition","section":[${deep}]}}]}`;
    expect(JSON.stringify(document(utf8(bundle))).length).toBeLessThan(2_000);
  });
});

describe('an answer', () => {
  test('of another form is refused, also where a name is inherited', () => {
    const shape = Shape.of({ number: 1, text: 'a', list: [{}, 5] });
    expect(shape.number('number')).toBe(1);
    for (const wrong of [() => shape.text('constructor'), () => shape.text('number'), () => shape.number('text'), () => shape.list('list'), () => Shape.of([])]) {
      expect(wrong).toThrow('answer-malformed');
    }
  });
});
