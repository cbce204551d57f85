// Makes the vector files of schemes no public SDK verifies, with node's own crypto and JSON: node tests/vectors/make.mjs
// The engine has no part in it, so that what it says can be compared.
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const now = 1767225600000;
const secret = 'shhh-it-is-a-test-secret-0001';
const other = 'shhh-it-is-a-test-secret-0002';
const bodies = {
  'compact JSON': '{"type":"post.published","timestamp":"2025-10-05T14:30:00Z","data":{"post_id":"post_abc123"}}',
  'empty body': '',
  'not valid UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'a NUL byte': Buffer.from('{"a":"\0"}'),
  'CRLF and UTF-8': '{\r\n  "name": "Zoë – 東京 🚀"\r\n}\r\n',
};
const shapes = {
  'blanks': '{"type": "a", "n": [1, 2]}',
  'escapes': '{"s":"\\u00e9\\/\\u0008\\u001F\\ud83d\\ude00\\ud83d"}',
  'numbers': '[1.0,1e3,-0,0.1000000000000000055,9007199254740993,1e400,1e21,1e-7]',
  'index-like keys': '{"b":1,"10":2,"2":3,"01":4,"4294967295":5,"4294967294":6}',
  'a key twice': '{"a":1,"b":2,"a":{"c":3}}',
  '__proto__': '{"__proto__":{"x":1},"a":2}',
  'bytes that are no UTF-8': Buffer.from([0x7b, 0x20, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe2, 0x82, 0x22, 0x7d]),
};

const mac = (body, key = secret, hash = 'sha256', encoding = 'hex') =>
  createHmac(hash, key).update(body).digest(encoding);
const stringified = (body) => JSON.stringify(JSON.parse(Buffer.from(body).toString('utf8')));

function file(provider, name, params, about) {
  const vectors = [];
  const add = (expect, title, headers, body, more = {}) =>
    vectors.push({
      id: `${name}-${String(vectors.length + 1).padStart(3, '0')}`,
      title, tier: 'core', expect, now_ms: now,
      request: { method: 'POST', url: 'https://hooks.example.com/in/abc123',
        headers: Object.entries(headers), body: { b64: Buffer.from(body).toString('base64') } },
      ...more,
    });
  const save = () => writeFileSync(join(folder, `${name}.json`), JSON.stringify({
    format: 1, provider, name,
    verifier: { kind: 'made', call: 'tests/vectors/make.mjs with node:crypto' },
    params, about, vectors }, null, 1) + '\n');
  return { add, save };
}

function broken(add, header, good, body) {
  add('invalid', 'no signature header', {}, body);
  add('invalid', 'signature header is empty', { [header]: '' }, body);
  add('invalid', 'signature cut short', { [header]: good.slice(0, -4) }, body);
  add('invalid', 'signature twice, glued together', { [header]: good + good }, body);
  add('invalid', 'signature replaced by "true"', { [header]: 'true' }, body);
  add('invalid', 'one byte more in the body', { [header]: good }, body + 'x');
  add('invalid', 'body removed', { [header]: good }, '');
  add('invalid', 'another secret', { [header]: good }, body, { params: { secret: other } });
  add('valid', 'two secrets, the second matches', { [header]: good }, body, { params: { secrets: [other, secret] } });
  add('valid', 'header name in capitals', { [header.toUpperCase()]: good }, body);
}

{
  const { add, save } = file('blackspace', 'blackspace', { secret },
    'Raw body, and JSON.stringify of the parsed body as the sample code of the provider signs it.');
  const header = 'x-blackspace-signature';
  for (const [title, body] of Object.entries(bodies)) {
    add('valid', `signed over the raw bytes: ${title}`, { [header]: mac(body) }, body, { resign: {} });
  }
  for (const [title, body] of Object.entries(shapes)) {
    add('valid', `signed over JSON.stringify: ${title}`, { [header]: mac(stringified(body)) }, body);
    add('invalid', `another secret over JSON.stringify: ${title}`, { [header]: mac(stringified(body), other) }, body);
  }
  add('invalid', 'a body that is no JSON, signature of another', { [header]: mac('{"a":1}') }, '{"a":1');
  const body = bodies['compact JSON'];
  broken(add, header, mac(body), body);
  save();
}
{
  const { add, save } = file('generic-hmac', 'generic-hmac', { secret, header: 'X-Signature' },
    'HMAC over the raw body; header, hash, encoding and prefix are parameters.');
  for (const hash of ['sha256', 'sha1', 'sha512', 'md5']) {
    for (const encoding of ['hex', 'base64', 'base64url']) {
      for (const [title, body] of Object.entries(bodies)) {
        add('valid', `${hash}, ${encoding}, ${title}`, { 'X-Signature': 'v=' + mac(body, secret, hash, encoding) }, body,
          { params: { secret, hash, encoding, prefix: 'v=' }, resign: {} });
      }
      add('invalid', `${hash}, ${encoding}, without the prefix`,
        { 'X-Signature': mac('x', secret, hash, encoding) }, 'x', { params: { secret, hash, encoding, prefix: 'v=' } });
    }
  }
  broken(add, 'X-Signature', mac('{"a":1}'), '{"a":1}');
  add('invalid', 'right signature under another header', { 'X-Other': mac('a') }, 'a');
  save();
}
{
  const { add, save } = file('generic-header', 'generic-header', { secret, header: 'X-Api-Key' },
    'The secret itself in a header; header and prefix are parameters.');
  add('valid', 'right token', { 'X-Api-Key': secret }, '{}', { resign: {} });
  add('valid', 'right token behind Bearer', { Authorization: `Bearer ${secret}` }, '',
    { params: { secret, header: 'Authorization', prefix: 'Bearer ' }, resign: {} });
  add('invalid', 'Bearer is missing', { Authorization: secret }, '',
    { params: { secret, header: 'Authorization', prefix: 'Bearer ' } });
  for (const [title, token] of Object.entries({ 'another token': other, 'one character more': secret + 'x',
    'one character less': secret.slice(0, -1), 'in capitals': secret.toUpperCase(), 'empty': '' })) {
    add('invalid', title, { 'X-Api-Key': token }, '{}');
  }
  add('invalid', 'no token', {}, '{}');
  add('valid', 'two secrets, the second matches', { 'X-Api-Key': secret }, '{}', { params: { secrets: [other, secret] } });
  save();
}
{
  const basic = (text) => ({ Authorization: 'Basic ' + Buffer.from(text).toString('base64') });
  const { add, save } = file('generic-basic', 'generic-basic', { username: 'hook', password: 'pa:ss wörd' },
    'HTTP basic authentication.');
  add('valid', 'right user and password', basic('hook:pa:ss wörd'), '{}', { resign: {} });
  add('valid', 'scheme in small letters', { Authorization: 'basic ' + basic('hook:pa:ss wörd').Authorization.slice(6) }, '{}');
  for (const [title, text] of Object.entries({ 'another password': 'hook:pass', 'another user': 'hooks:pa:ss wörd',
    'no password': 'hook', 'only the colon': ':', 'a character more': 'hook:pa:ss wörd!' })) {
    add('invalid', title, basic(text), '{}');
  }
  add('invalid', 'rubbish behind the padding', { Authorization: basic('hook:pa:ss wörd').Authorization + '==x' }, '{}');
  add('invalid', 'not base64', { Authorization: 'Basic ***' }, '{}');
  add('invalid', 'another scheme', { Authorization: 'Bearer hook:pa:ss wörd' }, '{}');
  add('invalid', 'empty', { Authorization: '' }, '{}');
  add('invalid', 'no header', {}, '{}');
  save();
}
{
  const key = Buffer.from('hookline-test-key-0123456789abcdef');
  const whsec = 'whsec_' + key.toString('base64');
  const { add, save } = file('gitlab', 'gitlab-signing-token', { secret: whsec },
    'The signing token of GitLab: Standard Webhooks headers.');
  const headers = (body, at, id = 'f5a2', k = key) => ({ 'X-Gitlab-Event': 'Push Hook', 'webhook-id': id,
    'webhook-timestamp': String(at), 'webhook-signature': 'v1,' + mac(Buffer.concat([Buffer.from(`${id}.${at}.`), Buffer.from(body)]), k, 'sha256', 'base64') });
  for (const [title, body] of Object.entries(bodies)) {
    add('valid', title, headers(body, 1767225590), body, { resign: { timestamp: '1767225590', id: 'f5a2' } });
  }
  add('valid', '299 s old', headers('{}', 1767225301), '{}');
  add('invalid', '301 s old', headers('{}', 1767225299), '{}');
  add('invalid', '301 s in the future', headers('{}', 1767225901), '{}');
  add('invalid', 'another key', headers('{}', 1767225590, 'f5a2', Buffer.from('no')), '{}');
  add('invalid', 'id changed', { ...headers('{}', 1767225590), 'webhook-id': 'f5a3' }, '{}');
  add('invalid', 'the signing token sent as a token is none', { 'X-Gitlab-Event': 'Push Hook', 'X-Gitlab-Token': 'whsec_' }, '{}');
  add('invalid', 'a secret token where a signature is', headers('{}', 1767225590), '{}', { params: { secret: 'plain-token' } });
  save();
}
