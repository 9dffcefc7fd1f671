import { describe, expect, it } from 'vitest';
import { renderBareJson, renderErrorJson, renderJson, renderOutcomesJson } from '../../src/render/json.ts';

const text = (...codes: number[]) => String.fromCodePoint(...codes);

describe('what is printed as JSON', () => {
  it.each([
    ['an escape of a terminal', text(0x1b), '\\u001b'],
    ['a bell', text(0x07), '\\u0007'],
    ['a control character of eight bits', text(0x9b), '\\u009b'],
    ['a deletion', text(0x7f), '\\u007f'],
    ['a line break', '\n', '\\n'],
    ['a return', '\r', '\\r'],
    ['an override of the direction', text(0x202e), '\\u202e'],
    ['an isolate of the direction', text(0x2066), '\\u2066'],
    ['a character without width', text(0x200b), '\\u200b'],
    ['a soft hyphen', text(0xad), '\\u00ad'],
    ['a mark of the byte order', text(0xfeff), '\\ufeff'],
    ['a separator of lines', text(0x2028), '\\u2028'],
    ['a separator of paragraphs', text(0x2029), '\\u2029'],
    ['a character of private use', text(0xe000), '\\ue000'],
    ['half of a pair', '\ud800', '\\ud800'],
    ['no character at all', text(0xffff), '\\uffff'],
    ['a tag, which is a pair', text(0xe0041), '\\udb40\\udc41'],
  ])('shows %s as an escape, in values and in keys, wherever they stand', (_, given, escaped) => {
    const value = { [`k${given}`]: [`a${given}b${given}`, { deep: given }] };
    const printed = renderBareJson(value);
    expect(printed).toBe(`\
{
  "k${escaped}": [
    "a${escaped}b${escaped}",
    {
      "deep": "${escaped}"
    }
  ]
}
`);
    expect(JSON.parse(printed)).toEqual(value);
  });

  it('leaves alone what shows as what it is', () => {
    const value = { name: 'Zoë Müller, 東京, 📞', quote: '"\\"', none: null, count: 3, is: true };
    expect(renderBareJson(value)).toBe(`${JSON.stringify(value, null, 2)}\n`);
  });

  it('begins with the version of the format, which the document may state itself', () => {
    expect(renderJson({ b: 1 })).toBe('{\n  "format_version": "1.0",\n  "b": 1\n}\n');
    expect(JSON.parse(renderJson({ b: 1, format_version: '2.0' }))).toEqual({ format_version: '2.0', b: 1 });
  });

  it('is an error with what was found, or the outcomes with their sum', () => {
    const problem = { severity: 'error', code: 'quote-it', message: 'quote it' } as const;
    expect(JSON.parse(renderErrorJson({ code: 'invalid', message: 'a problem' }, [problem]))).toEqual({
      format_version: '1.0',
      error: { code: 'invalid', message: 'a problem' },
      diagnostics: [problem],
    });
    const outcomes = (['applied', 'failed', 'skipped', 'unchanged', 'applied'] as const).map((status) => ({
      kind: 'RequirementGroup' as const,
      name: 'de-local',
      id: null,
      status,
      operations: [],
      group_status: null,
      error: null,
      warnings: [],
    }));
    expect(JSON.parse(renderOutcomesJson(outcomes))).toEqual({
      format_version: '1.0',
      outcomes,
      summary: { applied: 2, failed: 1, skipped: 1, unchanged: 1 },
    });
  });
});
