import { describe, expect, test } from 'vitest';
import { redactText, redactUrl } from '../../../src/connectors/http/redaction.ts';

describe('redaction', () => {
  test('takes credentials out of an address and leaves the rest', () => {
    const url = 'https://u:p@shop.example/x?page=2&consumer_secret=cs_1&oauth_signature=abc&access_token=t';
    expect(redactUrl(url)).toBe('https://shop.example/x?page=2&consumer_secret=-&oauth_signature=-&access_token=-');
    expect(redactUrl('nonsense')).toBe('(not a URL)');
  });

  test('takes credentials and people out of free text', () => {
    const apiKey = `${'0a'.repeat(12)}:${'1b'.repeat(32)}`;
    const text = `Basic dXNlcjpwYXNz sent by ann@example.test with ck_0123456789abcdef and ${apiKey} to http://h/?oauth_nonce=zz`;
    const safe = redactText(text);
    for (const secret of ['dXNlcjpwYXNz', 'ann@example.test', 'ck_0123456789abcdef', apiKey, 'zz']) {
      expect(safe).not.toContain(secret);
    }
    expect(safe).toContain('sent by');
  });

  test('cuts long text', () => {
    expect(redactText('x'.repeat(1000))).toHaveLength(300);
  });
});
