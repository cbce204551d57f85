// Whether apps accept what hookline replays: a capture that is a week old, sent again to an Express app and to a plain one that verify
// with the provider's own SDK. Signed anew it has to be accepted, and as it was received refused, where the provider signs a time.
// Prints TAP.
//
// node replay.js HOOKLINE RELAY

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

import express from 'express';

const [hookline, relay] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookline-replay-'));
const WEEK_S = 7 * 24 * 3600;
const PROVIDERS = ['stripe', 'github', 'svix', 'slack'];
const BODY = '{\r\n  "id": "evt_1",\r\n  "type": "thing.created", "name": "Zoë – 東京", "n": 1.0\r\n}\n';

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

// --- the apps: each has a path for each provider, and answers 200 or 400 ---

async function verdict(mark, headers, body) {
	try {
		const accepted = await mark.verify({ headers, header: (name) => headers[name], body, text: body.toString(),
			secret: mark.secret });
		return accepted ? 200 : 400;
	} catch {
		return 400;
	}
}

function with_express(marks) {
	const app = express();
	app.use(express.raw({ type: () => true }));
	for (const mark of marks) {
		app.post(`/${mark.provider}/hooks`, async (request, response) => {
			response.status(await verdict(mark, request.headers, request.body)).json({ received: true });
		});
	}
	return http.createServer(app);
}

function with_node_alone(marks) {
	return http.createServer((request, response) => {
		const mark = marks.find(({ provider }) => request.url === `/${provider}/hooks`);
		const pieces = [];
		request.on('data', (piece) => pieces.push(piece));
		request.on('end', async () => {
			response.statusCode = mark ? await verdict(mark, request.headers, Buffer.concat(pieces)) : 404;
			response.end();
		});
	});
}

function listening(server) {
	return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
}

// --- the relay with its captures ---

// The addresses it says are bound, or its end.
function start_relay() {
	const child = spawn(relay, ['--ingest', '127.0.0.1:0', '--stream', '127.0.0.1:0', '--admin', '127.0.0.1:0',
		'--store', `sqlite:${folder}/store.db`, '--ready-fd', '3'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
	return new Promise((done, fail) => {
		let told = '';
		let said = '';
		child.stderr.on('data', (data) => { said += data; });
		child.stdio[3].on('data', (data) => { told += data; });
		child.stdio[3].on('end', () => told ? done({ child, ...JSON.parse(told) }) : fail(new Error(said)));
	});
}

function run(addresses, ...words) {
	return spawnSync(hookline, words, { encoding: 'utf8', env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder,
		XDG_DATA_HOME: folder, XDG_STATE_HOME: folder, HOOKLINE_RELAY: addresses.stream } });
}

// Runs while the apps of this process go on answering.
function run_beside(addresses, ...words) {
	const child = spawn(hookline, words, { env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder,
		XDG_DATA_HOME: folder, XDG_STATE_HOME: folder, HOOKLINE_RELAY: addresses.stream },
		stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	child.stdout.on('data', (data) => { output += data; });
	child.stderr.on('data', (data) => { output += data; });
	return new Promise((done) => child.on('close', (status) => done({ status, output })));
}

// What the provider sent a week ago, as raw bytes.
function old_request(mark, secret_file) {
	const plain = `POST /e/${mark.provider}/hooks HTTP/1.1\r\nHost: hooks.example.com\r\n` +
		`Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`;
	const at = Math.floor(Date.now() / 1000) - WEEK_S;
	return execFileSync(hookline, ['sign', write('request.http', plain), '--provider', mark.provider,
		'--secret-file', secret_file, '--at', String(at)]);
}

function post(ingest, raw) {
	const end = raw.indexOf('\r\n\r\n');
	const [first, ...lines] = raw.subarray(0, end).toString('latin1').split('\r\n');
	const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')),
		line.slice(line.indexOf(':') + 1).trim()]));
	return new Promise((done, fail) => {
		const request = http.request(ingest + first.split(' ')[1], { method: 'POST', headers }, (response) => {
			response.resume();
			response.on('end', () => done(response.headers['x-hookline-event']));
		});
		request.on('error', fail);
		request.end(raw.subarray(end + 4));
	});
}

async function capture(addresses, mark) {
	const file = write(`${mark.provider}.secret`, mark.secret);
	const made = run(addresses, 'endpoint', 'add', mark.provider, '--provider', mark.provider, '--secret-file', `live=${file}`);
	if (made.status !== 0) {
		throw new Error(made.stderr);
	}
	return post(addresses.ingest, old_request(mark, file));
}

// --- the stories ---

// The status the app answered the newest attempt with.
async function replayed(addresses, ref, port, provider, ...words) {
	const { output } = await run_beside(addresses, 'replay', ref, '--to', `http://127.0.0.1:${port}/${provider}`,
		'--again', ...words);
	const rows = run(addresses, 'deliveries', `endpoint:${provider}`, '--json').stdout.trim().split('\n');
	const last = JSON.parse(rows.at(-1) || '{}');
	return { status: last.status, told: `${output}${last.changes ?? ''}` };
}

async function judge(addresses, mark, ref, apps) {
	for (const [name, port] of apps) {
		const anew = await replayed(addresses, ref, port, mark.provider);
		say(anew.status === 200, `${name} with ${mark.sdk} accepts a week-old webhook that is replayed`,
			`${anew.status}: ${anew.told}`);
		const old = await replayed(addresses, ref, port, mark.provider, '--as-received');
		if (mark.tolerance_s) {
			say(old.status === 400, `${name} with ${mark.sdk} refuses it as it was received`, `${old.status}: ${old.told}`);
		} else {
			say(old.status === 200, `${name} with ${mark.sdk} accepts it as it was received, too: no time is signed`,
				`${old.status}: ${old.told}`);
		}
	}
}

const marks = [];
for (const name of PROVIDERS) {
	marks.push((await import(new URL(`providers/${name}.js`, import.meta.url))).default);
}
const servers = [['an Express app', with_express(marks)], ['a plain Node.js app', with_node_alone(marks)]];
const apps = [];
for (const [name, server] of servers) {
	apps.push([name, await listening(server)]);
}
const addresses = await start_relay();
try {
	for (const mark of marks) {
		await judge(addresses, mark, await capture(addresses, mark), apps);
	}
} catch (error) {
	say(false, 'replays can be asked about', error.stack);
}
addresses.child.kill();
await new Promise((done) => addresses.child.on('close', done));
fs.rmSync(folder, { recursive: true, force: true });
console.log(`1..${cases}`);
process.exit(failed ? 1 : 0);
