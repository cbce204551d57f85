// Makes the vector files of schemes with key pairs that no public SDK verifies as a whole, with node's own crypto and the openssl command
// (for certificates): node tests/vectors/make_public.mjs. New keys each time; the engine has no part in it.
import { constants, createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const now = 1767225600000;
const json = '{"id":"evt_1","type":"payment.settled","name":"Zoë – 東京"}';
const b64url = (data) => Buffer.from(data).toString('base64url');
const pem = (key) => key.export({ type: 'spki', format: 'pem' });
const jwk = (key, kid) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });
const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }), rsa2: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }), p521: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  ed: generateKeyPairSync('ed25519'), ed2: generateKeyPairSync('ed25519'),
};

function file(provider, params, about) {
  const vectors = [];
  const add = (expect, title, headers, body, more = {}) =>
    vectors.push({
      id: `${provider}-${String(vectors.length + 1).padStart(3, '0')}`,
      title, tier: 'core', expect, now_ms: now,
      request: { method: 'POST', url: more.url ?? 'https://hooks.example.com/in/abc123',
        headers: Object.entries(headers), body: { b64: Buffer.from(body).toString('base64') } },
      ...(more.params && { params: more.params }),
    });
  const save = () => writeFileSync(join(folder, `${provider}.json`), JSON.stringify({
    format: 1, provider, name: provider,
    verifier: { kind: 'made', call: 'tests/vectors/make_public.mjs with node:crypto' },
    params, about, vectors }, null, 1) + '\n');
  return { add, save };
}

// TrueLayer: a detached JWS over method, path, the headers it lists, and the body.
{
  const { add, save } = file('truelayer', { public_key: pem(pairs.p521.publicKey) }, 'Detached JWS, ES512, headers listed in tl_headers.');
  const make = (body, { list = '', headers = {}, path = '/in/abc123', method = 'POST', alg = 'ES512', key = pairs.p521.privateKey } = {}) => {
    const header = b64url(JSON.stringify({ alg, kid: 'k1', tl_version: '2', tl_headers: list }));
    const lines = list.split(',').filter(Boolean).map((name) => `${name}: ${headers[name]}\n`).join('');
    const text = `${header}.${b64url(`${method} ${path}\n${lines}${body}`)}`;
    return `${header}..${sign('sha512', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const list = 'X-Tl-Webhook-Timestamp,Idempotency-Key', headers = { 'X-Tl-Webhook-Timestamp': '2026-01-01T00:00:00Z', 'Idempotency-Key': 'a-b' };
  add('valid', 'no headers listed', { 'Tl-Signature': make(json) }, json);
  add('valid', 'two headers listed', { ...headers, 'Tl-Signature': make(json, { list, headers }) }, json);
  add('valid', 'empty body', { 'Tl-Signature': make('') }, '');
  add('invalid', 'a listed header changed', { ...headers, 'Idempotency-Key': 'a-c', 'Tl-Signature': make(json, { list, headers }) }, json);
  add('invalid', 'a listed header missing', { 'X-Tl-Webhook-Timestamp': headers['X-Tl-Webhook-Timestamp'], 'Tl-Signature': make(json, { list, headers }) }, json);
  add('invalid', 'one byte more', { 'Tl-Signature': make(json) }, json + ' ');
  add('invalid', 'signed for another path', { 'Tl-Signature': make(json, { path: '/in/other' }) }, json);
  add('invalid', 'signed for another method', { 'Tl-Signature': make(json, { method: 'PUT' }) }, json);
  add('invalid', 'another algorithm is named', { 'Tl-Signature': make(json, { alg: 'ES256' }) }, json);
  add('invalid', 'no algorithm at all', { 'Tl-Signature': make(json, { alg: 'none' }).replace(/\.\..*/, '..') }, json);
  add('invalid', 'the text is in the token', { 'Tl-Signature': make(json).replace('..', `.${b64url(json)}.`) }, json);
  add('invalid', 'no header', {}, json);
  save();
}

// Paddle Classic: RSA with SHA-1 over PHP's serialize() of the fields, sorted.
{
  const { add, save } = file('paddle-classic', { public_key: pem(pairs.rsa.publicKey) }, "RSA over PHP's serialize() of the form without p_signature, by name.");
  const serialize = (fields) => {
    const names = Object.keys(fields).sort();
    const text = (value) => `s:${Buffer.byteLength(value)}:"${value}";`;
    return `a:${names.length}:{${names.map((name) => text(name) + text(fields[name])).join('')}}`;
  };
  const make = (fields, { key = pairs.rsa.privateKey, hash = 'sha1', changed = {} } = {}) => {
    const form = new URLSearchParams({ ...fields, ...changed });
    form.append('p_signature', sign(hash, Buffer.from(serialize(fields)), key).toString('base64'));
    return form.toString();
  };
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const fields = { alert_name: 'payment_succeeded', alert_id: '1', email: 'zoë@example.com', amount: '4.20', marketing_consent: '', passthrough: '{"a": "b c"}' };
  add('valid', 'several fields', type, make(fields));
  add('valid', 'one field', type, make({ alert_id: '1' }));
  add('valid', 'fields out of order', type, make({ z: '1', a: '2', m: '3' }));
  add('invalid', 'a field changed', type, make(fields, { changed: { amount: '4.21' } }));
  add('invalid', 'a field added', type, make(fields, { changed: { extra: '1' } }));
  add('invalid', 'another key', type, make(fields, { key: pairs.rsa2.privateKey }));
  add('invalid', 'SHA-256', type, make(fields, { hash: 'sha256' }));
  add('invalid', 'no signature', type, new URLSearchParams(fields).toString());
  save();
}

// Utila: which of three is not known, so all are taken.
{
  const { add, save } = file('utila', { public_key: pem(pairs.rsa.publicKey) }, 'RSA-PSS with SHA-512, or PKCS#1 v1.5.');
  const pss = (body, saltLength = 64, key = pairs.rsa.privateKey, hash = 'sha512') =>
    ({ 'x-utila-signature': sign(hash, Buffer.from(body), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }).toString('base64') });
  const plain = (body, hash) => ({ 'x-utila-signature': sign(hash, Buffer.from(body), pairs.rsa.privateKey).toString('base64') });
  add('valid', 'PSS', pss(json), json);
  add('valid', 'PSS, empty body', pss(''), '');
  add('valid', 'PKCS#1 with SHA-512', plain(json, 'sha512'), json);
  add('valid', 'PKCS#1 with SHA-256', plain(json, 'sha256'), json);
  add('invalid', 'PSS with another salt', pss(json, 20), json);
  add('invalid', 'PSS with SHA-256', pss(json, 32, pairs.rsa.privateKey, 'sha256'), json);
  add('invalid', 'PKCS#1 with SHA-1', plain(json, 'sha1'), json);
  add('invalid', 'another key', pss(json, 64, pairs.rsa2.privateKey), json);
  add('invalid', 'another body', pss(json), json + '\n');
  save();
}

// fal.ai: any key of the set that is fetched.
{
  const set = (...keys) => ({ certs: { 'https://rest.alpha.fal.ai/.well-known/jwks.json': JSON.stringify({ keys }) } });
  const good = jwk(pairs.ed.publicKey, 'a'), other = jwk(pairs.ed2.publicKey, 'b');
  const { add, save } = file('fal', set(good), 'Ed25519 with a key of a set that the provider publishes.');
  const make = (body, at = 1767225590, { user = 'user_1', key = pairs.ed.privateKey } = {}) => {
    const hash = createHash('sha256').update(body).digest('hex');
    return { 'X-Fal-Webhook-Request-Id': 'req_1', 'X-Fal-Webhook-User-Id': user, 'X-Fal-Webhook-Timestamp': String(at),
      'X-Fal-Webhook-Signature': sign(null, Buffer.from(`req_1\n${user}\n${at}\n${hash}`), key).toString('hex') };
  };
  add('valid', 'the only key', make(json), json);
  add('valid', 'the second of two', make(json), json, { params: set(other, good) });
  add('valid', 'beside a key of a kind that is not known', make(json), json, { params: set({ kty: 'OKP', crv: 'X25519', x: other.x }, good) });
  add('invalid', 'none of the keys', make(json, 1767225590, { key: pairs.ed2.privateKey }), json);
  add('invalid', 'another user', { ...make(json), 'X-Fal-Webhook-User-Id': 'user_2' }, json);
  add('invalid', 'another body', make(json), json + ' ');
  add('invalid', '301 s old', make(json, 1767225299), json);
  save();
}

// Alipay+: percent-encoded base64 in a list of pairs.
{
  const { add, save } = file('alipay', { public_key: pem(pairs.rsa.publicKey) }, 'RSA over method, path, client id, time and body.');
  const make = (body, { key = pairs.rsa.privateKey, time = '1767225590000', path = '/in/abc123', write = encodeURIComponent } = {}) => ({
    'client-id': 'SANDBOX_1', 'request-time': time,
    signature: `algorithm=RSA256, keyVersion=1, signature=${write(sign('sha256', Buffer.from(`POST ${path}\nSANDBOX_1.${time}.${body}`), key).toString('base64'))}` });
  add('valid', 'JSON', make(json), json);
  add('valid', 'empty body', make(''), '');
  add('invalid', 'another body', make(json), json + ' ');
  add('invalid', 'another time', { ...make(json), 'request-time': '1767225590001' }, json);
  add('invalid', 'another path', make(json, { path: '/in' }), json);
  add('invalid', 'another key', make(json, { key: pairs.rsa2.privateKey }), json);
  add('invalid', 'no signature in the header', { ...make(json), signature: 'algorithm=RSA256, keyVersion=1' }, json);
  add('invalid', 'no header', {}, json);
  save();
}

// Apple: the key stands in the token, and a chain leads from it to a root.
{
  const place = mkdtempSync(join(tmpdir(), 'chain.'));
  const run = (...args) => execFileSync('openssl', args, { cwd: place, stdio: 'pipe' });
  const marks = { leaf: '1.2.840.113635.100.6.11.1', issuer: '1.2.840.113635.100.6.2.1' };
  const certificate = (name, issuer, { mark, ca = false, from = '20200101000000Z', until = '20991231000000Z', curve = 'P-256' } = {}) => {
    writeFileSync(join(place, `${name}.cnf`), `[req]\ndistinguished_name=dn\n[dn]\n[ext]\nbasicConstraints=critical,CA:${ca}\n${mark ? `${mark}=ASN1:NULL\n` : ''}`);
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', `${name}.key`);
    run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-config', `${name}.cnf`, '-out', `${name}.csr`);
    writeFileSync(join(place, `${name}.index`), '');
    writeFileSync(join(place, `${name}.ca`), `[ca]\ndefault_ca=c\n[c]\ndatabase=${name}.index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`);
    const by = issuer ? ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`] : ['-selfsign', '-keyfile', `${name}.key`];
    run('ca', '-batch', '-notext', '-config', `${name}.ca`, ...by, '-in', `${name}.csr`, '-out', `${name}.pem`, '-startdate', from, '-enddate', until,
      '-extfile', `${name}.cnf`, '-extensions', 'ext');
  };
  certificate('root', null, { ca: true, curve: 'P-384' });
  certificate('other-root', null, { ca: true, curve: 'P-384' });
  certificate('issuer', 'root', { ca: true, mark: marks.issuer });
  certificate('no-issuer', 'root', { mark: marks.issuer });
  certificate('unmarked-issuer', 'root', { ca: true });
  certificate('other-issuer', 'other-root', { ca: true, mark: marks.issuer });
  certificate('leaf', 'issuer', { mark: marks.leaf });
  certificate('unmarked', 'issuer');
  certificate('expired', 'issuer', { mark: marks.leaf, until: '20250101000000Z' });
  certificate('below-no-issuer', 'no-issuer', { mark: marks.leaf });
  certificate('below-unmarked', 'unmarked-issuer', { mark: marks.leaf });
  certificate('below-other', 'other-issuer', { mark: marks.leaf });
  const read = (name) => readFileSync(join(place, `${name}.pem`), 'utf8');
  const der = (name) => read(name).replace(/-----[^-]+-----|\s/g, '');
  const { add, save } = file('apple-app-store', { public_key: read('root') }, 'A JWS whose x5c chain leads to the root that is given.');
  const make = (chain, { by = chain[0], alg = 'ES256', x5c = chain.map(der), payload = { notificationType: 'TEST', signedDate: now - 1000 } } = {}) => {
    const text = `${b64url(JSON.stringify({ alg, ...(x5c && { x5c }) }))}.${b64url(JSON.stringify(payload))}`;
    const key = createPrivateKey(readFileSync(join(place, `${by}.key`)));
    return JSON.stringify({ signedPayload: `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}` });
  };
  const whole = ['leaf', 'issuer', 'root'];
  add('valid', 'leaf, issuer, root', {}, make(whole));
  add('valid', 'without the root, which is known', {}, make(['leaf', 'issuer']));
  add('valid', 'two roots are known', {}, make(whole), { params: { secrets: [read('other-root'), read('root')] } });
  add('invalid', 'another root', {}, make(['below-other', 'other-issuer', 'other-root']));
  add('invalid', 'another root in the place of the known one', {}, make(['leaf', 'issuer', 'root']), { params: { public_key: read('other-root') } });
  add('invalid', 'signed by another certificate', {}, make(whole, { by: 'below-other' }));
  add('invalid', 'the issuer is none', {}, make(['below-no-issuer', 'no-issuer', 'root']));
  add('invalid', 'the leaf has no mark', {}, make(['unmarked', 'issuer', 'root']));
  add('invalid', 'the issuer has no mark', {}, make(['below-unmarked', 'unmarked-issuer', 'root']));
  add('invalid', 'the leaf is out of date', {}, make(['expired', 'issuer', 'root']));
  add('invalid', 'the leaf is not the issuer\'s', {}, make(['below-other', 'issuer', 'root']));
  add('invalid', 'the root signs itself', {}, make(['root', 'root']));
  add('invalid', 'a leaf alone', {}, make(['leaf']));
  add('invalid', 'an empty chain', {}, make(whole, { by: 'leaf', x5c: [] }));
  add('invalid', 'no chain', {}, make(whole, { by: 'leaf', x5c: false }));
  add('invalid', 'a certificate that is none', {}, make(whole, { by: 'leaf', x5c: ['AAAA', der('issuer'), der('root')] }));
  add('invalid', 'another algorithm', {}, make(whole, { alg: 'HS256' }));
  add('invalid', 'the text changed', {}, make(whole).replace(/\.[^.]+\./, `.${b64url('{"notificationType":"REFUND"}')}.`));
  add('invalid', 'no signedPayload', {}, '{}');
  save();
}
