// Lets the official SDKs of the providers judge what `hookline sign` signs: what it signed has to be accepted, and what
// was changed by one byte after that (body, headers, address, secret) refused, by the SDK and by `hookline verify` alike.
// Providers who sign with a private key are played by a key pair made here. Prints TAP.
//
// A file in providers/ is one SDK:
//   provider, sdk     hookline's name of the provider; the package
//   secret            what the provider and the app share; other_secret: another, where a changed byte makes no key
//   verify(request)   the SDK's verdict (true, or not thrown): { text, body, headers, header(name), url, secret }
//   sign(request)     headers of a provider who has a private key: { body, now_s, ... }; else hookline signs
//   headers, bodies, content_type   what the provider sends beside the signature, where the SDK asks for it
//   signs_url         the address is signed, too
//   tolerance_s       how old a request may be
//   unread            parts of a header which this SDK does not look at, so that a change there shows nothing
//
// node runner.js HOOKLINE [PROVIDER...]

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const [hookline, ...wanted] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookline-sdk-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

// An SDK that wants to ask somebody is broken as an oracle: no socket leaves this process.
let connections = 0;
net.Socket.prototype.connect = () => {
	connections++;
	throw new Error('this SDK opened a connection');
};

const URL_GIVEN = 'https://hooks.example.com/in/abc123?shop=1';
const JSON_TYPE = 'application/json';

// What a provider may send: every byte counts, so they hold what is easily lost on the way.
const BODIES = [
	['compact JSON', '{"id":"evt_1","type":"thing.created","data":{"amount":1999,"ok":true}}'],
	['JSON beyond ASCII', '{"id":"evt_2","type":"thing.updated","name":"Zoë – 東京 🚀","esc":"\\u00e9\\/\\n"}'],
	['JSON with CRLF and a last newline', '{\r\n  "id": "evt_3",\r\n  "n": [1.0, 2]\r\n}\r\n'],
];

let cases = 0;
let failed = 0;

function say(good, what, why) {
	cases++;
	failed += good ? 0 : 1;
	console.log(`${good ? 'ok' : 'not ok'} ${cases} - ${what}`);
	for (const line of good || !why ? [] : String(why).trimEnd().split('\n')) {
		console.log(`# ${line}`);
	}
}

function write(name, content) {
	const file = path.join(folder, name);
	fs.writeFileSync(file, content, { mode: 0o600 });
	return file;
}

// A request is { url, headers: [[name, value]...], body, secret }.
function raw(request) {
	const { host, pathname, search } = new URL(request.url);
	const lines = [`POST ${pathname}${search} HTTP/1.1`, `Host: ${host}`,
		...request.headers.map(([name, value]) => `${name}: ${value}`), `Content-Length: ${request.body.length}`];
	return Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n'), request.body]);
}

// How `hookline` is told about a request: the file, whose it is, the secret and the address.
function told(mark, request) {
	return [write('request.http', raw(request)), '--provider', mark.provider, '--url', request.url,
		'--secret-file', write('secret', request.secret)];
}

// The request with the headers of its provider: hookline's, or those of the key pair that plays the provider.
function signed(mark, request, age_s = 0) {
	const now_s = Math.floor(Date.now() / 1000) - age_s;
	if (mark.sign) {
		return { ...request, headers: [...request.headers, ...Object.entries(mark.sign({ ...request, now_s }))] };
	}
	const output = execFileSync(hookline, ['sign', ...told(mark, request), '--at', String(now_s)]);
	const end = output.indexOf('\r\n\r\n');
	const headers = output.subarray(0, end).toString('latin1').split('\r\n').slice(1).map((line) => {
		const colon = line.indexOf(':');
		return [line.slice(0, colon), line.slice(colon + 1).trim()];
	});
	return { ...request, headers: headers.filter(([name]) => !/^(host|content-length)$/i.test(name)),
		body: output.subarray(end + 4) };
}

// The SDK's word on a request: null when it accepts it, else why not. Some answer, some throw.
async function refusal(mark, request) {
	const headers = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
	try {
		const accepted = await mark.verify({ headers, header: (name) => headers[name], body: request.body,
			text: request.body.toString(), url: request.url, secret: request.secret });
		return accepted ? null : 'the SDK says no';
	} catch (error) {
		return error.message || String(error);
	}
}

// hookline's word: 'valid', 'invalid', ..., or its complaint.
function verdict(mark, request) {
	const run = spawnSync(hookline, ['verify', ...told(mark, request), '--json'], { encoding: 'utf8' });
	try {
		return JSON.parse(run.stdout).verdict;
	} catch {
		return run.stderr || `status ${run.status}`;
	}
}

function refused(ours) {
	return ['invalid', 'expired', 'unsigned'].includes(ours);
}

// `text` with each byte changed in turn, but for what `unread` matches: what this SDK does not look at.
function each_byte(text, unread) {
	const bytes = Buffer.from(text);
	const skipped = new Set();
	for (const match of unread ? String(text).matchAll(unread) : []) {
		Array.from(match[0], (_, i) => skipped.add(match.index + i));
	}
	return Array.from(bytes, (byte, at) => {
		const other = Buffer.from(bytes);
		other[at] = byte ^ 1;
		return other;
	}).filter((_, at) => !skipped.has(at));
}

// The changes of one byte that a signature has to show, as [what, [request...]].
function changes(mark, plain, request) {
	const list = [['another byte in the body', each_byte(request.body).map((body) => ({ ...request, body }))]];
	for (const [name, value] of request.headers) {
		if (plain.headers.some(([known]) => known.toLowerCase() === name.toLowerCase())) {
			continue;
		}
		const others = each_byte(value, mark.unread?.[name.toLowerCase()]);
		list.push([`another byte in ${name}`, others.map((bytes) => ({ ...request,
			headers: request.headers.map((pair) => pair[0] === name ? [name, bytes.toString('latin1')] : pair) }))]);
	}
	if (mark.other_secret) {
		list.push(['the key of another pair', [{ ...request, secret: mark.other_secret }]]);
	} else {
		// The last byte: one of the key itself, whatever stands before it.
		list.push(['another byte in the secret', [{ ...request, secret: each_byte(mark.secret).at(-1).toString() }]]);
	}
	if (mark.signs_url) {
		list.push(['another byte in the address', [{ ...request, url: request.url.replace('abc123', 'abc122') }]]);
	}
	return list;
}

async function refuses(mark, what, requests) {
	const accepted = [];
	for (const [at, request] of requests.entries()) {
		if (await refusal(mark, request) === null) {
			accepted.push(at);
		}
	}
	const ours = verdict(mark, requests[requests.length - 1]);
	say(accepted.length === 0, `${mark.sdk} refuses ${what} (${requests.length})`,
		`accepted all the same, number: ${accepted.join(', ')}`);
	say(refused(ours), `hookline refuses ${what}, as ${mark.sdk} does`, ours);
}

function plain_request(mark, type, body) {
	return { url: URL_GIVEN, headers: [['Content-Type', type], ...Object.entries(mark.headers ?? {})],
		body: Buffer.from(body), secret: mark.secret };
}

async function judge(mark) {
	const type = mark.content_type ?? JSON_TYPE;
	for (const [what, body] of mark.bodies ?? BODIES) {
		const request = signed(mark, plain_request(mark, type, body));
		const why = await refusal(mark, request);
		say(why === null && request.body.equals(Buffer.from(body)), `${mark.sdk} accepts ${what}`, why);
		const ours = verdict(mark, request);
		say(ours === 'valid', `hookline accepts ${what}, as ${mark.sdk} does`, ours);
	}
	const plain = plain_request(mark, type, (mark.bodies ?? BODIES)[0][1]);
	const request = signed(mark, plain);
	for (const [what, requests] of changes(mark, plain, request)) {
		await refuses(mark, what, requests);
	}
	if (mark.tolerance_s) {
		const old = signed(mark, plain, mark.tolerance_s + 60);
		say(await refusal(mark, old) !== null, `${mark.sdk} refuses one older than ${mark.tolerance_s} s`);
		const ours = verdict(mark, old);
		say(refused(ours), `hookline refuses one older than ${mark.tolerance_s} s, as ${mark.sdk} does`, ours);
	}
}

const files = fs.readdirSync(new URL('providers/', import.meta.url)).filter((name) => name.endsWith('.js')).sort();
let sdks = 0;
for (const file of files) {
	if (wanted.length && !wanted.includes(path.basename(file, '.js'))) {
		continue;
	}
	sdks++;
	try {
		await judge((await import(new URL(`providers/${file}`, import.meta.url))).default);
	} catch (error) {
		say(false, `${file} can be asked`, error.stack);
	}
}
say(connections === 0, 'no SDK opened a connection', `${connections} tries`);
console.log(`1..${cases}`);
console.log(`# ${sdks} SDKs, ${cases} cases, ${failed} failed`);
process.exit(failed ? 1 : 0);
