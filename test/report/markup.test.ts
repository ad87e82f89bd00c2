import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markup } from '../../src/report/markup.js';

describe('markup', () => {
  it('escapes texts in tags and attributes, and inserts markup as it is', () => {
    const name = `<b> & "it's"`;
    const inner = markup`<i>${name}</i>`;
    assert.equal(inner.text, '<i>&lt;b&gt; &amp; &quot;it&#39;s&quot;</i>');
    assert.equal(markup`<p title="${name}">${[inner, inner]}${1.5}</p>`.text.split('<i>').length, 3);
    assert.equal(markup`<p title="${'"'}">${1.5}</p>`.text, '<p title="&quot;">1.5</p>');
  });

  it('leaves out null and false, but not 0 and the empty text', () => {
    assert.equal(markup`[${null}${false}${0}${''}${[]}]`.text, '[0]');
  });

  it('replaces characters that HTML does not allow', () => {
    assert.equal(markup`${'a\u0000b\u001bc\nd'}`.text, 'a\ufffdb\ufffdc\nd');
  });
});
