// Compares our HTTP reader with llhttp, the parser of Node.js, over the requests of tests/torture/http and mutants of
// them. We may be stricter, and so may llhttp; but where we accept a request it may not see another one: another
// method, target or body, or one more than we do, nor find its framing wrong. That difference is what request
// smuggling is made of.
//
// node http_messages.js PROGRAM [MUTANTS [SEED]]

'use strict';
const { createHash } = require('crypto');
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { HTTPParser, allMethods, methods } = require('_http_common');

const METHODS = allMethods || methods; // Node.js 22 splits them

const [program, count = '5000', seed = '1'] = process.argv.slice(2);
const BATCH = 500;
const folder = path.join(__dirname, '../torture/http/requests');
const LONGEST = 4096; // a mutant of more teaches nothing new

// Why llhttp may end where we go on: it knows a list of methods only, takes no bytes beyond ASCII in targets,
// reads nothing behind the last request of a connection or an upgrade, looks into chunk extensions,
// and does not know that a tab may follow a number (OWS of RFC 9110).
const STRICTER = new RegExp(['HPE_INVALID_METHOD', 'HPE_INVALID_URL', 'HPE_CLOSED_CONNECTION', 'UPGRADE',
	'in chunk extensions', 'TAB BEHIND A LENGTH'].join('|'));

const TAB_BEHIND_LENGTH = /content-length:[ \t]*[0-9]+[ \t]*\t/i;

// xorshift32, so that a finding can be repeated
let state = Number(seed) * 2654435761 >>> 0 || 1;
function random(below) {
	state ^= state << 13;
	state >>>= 0;
	state ^= state >>> 17;
	state ^= state << 5;
	state >>>= 0;
	return state % below;
}

const DICTIONARY = ['\r', '\n', '\r\n', '\r\n\r\n', '\0', '\t', ' ', ':', ',', ';', '0', '1', 'a', '+', '-', '0x', '\x0b',
	'\x80', '\xff', 'chunked', 'identity', 'Content-Length: 3\r\n', 'Content-Length: 0\r\n',
	'Transfer-Encoding: chunked\r\n', 'Connection: close\r\n', 'Expect: 100-continue\r\n', 'HTTP/1.0', 'HTTP/1.1',
	'Upgrade: x\r\n', '0\r\n\r\n', '3\r\nabc\r\n', '"', '\\', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'];

function splice(bytes, at, removed, added) {
	return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

function mutate(bytes, seeds) {
	const at = random(bytes.length + 1);
	switch (random(6)) {
	case 0: // another byte
		return splice(bytes, at, 1, Buffer.from([random(256)]));
	case 1: // less
		return splice(bytes, at, 1 + random(8), Buffer.alloc(0));
	case 2: // more
		return splice(bytes, at, random(3), Buffer.from(DICTIONARY[random(DICTIONARY.length)], 'latin1'));
	case 3: { // a part again, elsewhere
		const from = random(bytes.length + 1);
		return splice(bytes, at, 0, bytes.subarray(from, from + random(40)));
	}
	case 4: // a request behind it
		return Buffer.concat([bytes, seeds[random(seeds.length)]]);
	default: { // a line again
		const begin = bytes.lastIndexOf('\n', at) + 1, end = bytes.indexOf('\n', at) + 1;
		return splice(bytes, begin, 0, bytes.subarray(begin, Math.max(begin, end)));
	}
	}
}

function inputs() {
	const files = fs.readdirSync(folder).sort();
	const seeds = files.map((name) => fs.readFileSync(path.join(folder, name)));
	const small = seeds.filter((bytes) => bytes.length <= LONGEST);
	const mutants = [];
	while (mutants.length < Number(count)) {
		let bytes = small[random(small.length)];
		for (let i = 1 + random(4); i > 0; i--) {
			bytes = mutate(bytes, small);
		}
		mutants.push(bytes.subarray(0, 4 * LONGEST));
	}
	return seeds.concat(mutants);
}

// Null when it took all bytes and waits for more.
function why_it_stopped(result, bytes) {
	if (!(result instanceof Error)) {
		return result < bytes.length ? 'UPGRADE' : null;
	}
	const tab = result.code === 'HPE_INVALID_CONTENT_LENGTH' && TAB_BEHIND_LENGTH.test(bytes.toString('latin1'));
	return tab ? 'TAB BEHIND A LENGTH' : `${result.code}: ${result.reason}`;
}

// What llhttp makes of the bytes: the complete requests, and whether it is content with the end.
function llhttp(bytes) {
	const messages = [];
	let body, method, target;
	const parser = new HTTPParser();
	parser.initialize(HTTPParser.REQUEST, {}, 1 << 20, 0);
	parser[HTTPParser.kOnHeaders | 0] = (headers, url) => { target = target || url; };
	parser[HTTPParser.kOnMessageBegin | 0] = () => { target = ''; body = []; };
	parser[HTTPParser.kOnHeadersComplete | 0] = (major, minor, headers, index, url) => {
		method = METHODS[index];
		target = url || target;
		return 0;
	};
	parser[HTTPParser.kOnBody | 0] = (chunk) => { body.push(Buffer.from(chunk)); };
	parser[HTTPParser.kOnMessageComplete | 0] = () => {
		const all = Buffer.concat(body);
		messages.push({ method, target, body_len: all.length,
			body_sha256: createHash('sha256').update(all).digest('hex') });
	};
	const result = parser.execute(bytes);
	parser.close();
	return { messages, stopped: why_it_stopped(result, bytes) };
}

function ours(batch) {
	const input = Buffer.concat(batch.flatMap((bytes) => [Buffer.from(bytes.length + '\n'), bytes]));
	const run = spawnSync(program, { input, maxBuffer: 1 << 30 });
	if (run.status !== 0) {
		throw new Error(`${program} ended with ${run.status ?? run.signal}: ${run.stderr}`);
	}
	return run.stdout.toString().split('\n\n').slice(0, -1).map((lines) => {
		const all = lines.split('\n').filter((line) => line).map((line) => JSON.parse(line));
		return { messages: all.slice(0, -1), end: all[all.length - 1] };
	});
}

function is_same(mine, theirs) {
	return mine.method === theirs.method && mine.target === theirs.target &&
		mine.body_len === theirs.body_len && mine.body_sha256 === theirs.body_sha256;
}

// A sentence, or nothing when the two agree.
function difference(mine, theirs) {
	for (let i = 0; i < Math.min(mine.messages.length, theirs.messages.length); i++) {
		if (!is_same(mine.messages[i], theirs.messages[i])) {
			return `request ${i + 1} differs: ${JSON.stringify(mine.messages[i])} and ` +
				JSON.stringify(theirs.messages[i]);
		}
	}
	if (theirs.messages.length > mine.messages.length && mine.end.end !== 'refused') {
		return `llhttp sees ${theirs.messages.length} requests, we ${mine.messages.length} and then ${mine.end.end}`;
	}
	if (mine.messages.length > theirs.messages.length && !STRICTER.test(theirs.stopped || '')) {
		return `we see ${mine.messages.length} requests, llhttp ${theirs.messages.length} and then ` +
			(theirs.stopped || 'waits for more');
	}
	return null;
}

function main() {
	const all = inputs();
	let accepted = 0, shared = 0, wrong = 0;
	for (let begin = 0; begin < all.length; begin += BATCH) {
		const batch = all.slice(begin, begin + BATCH);
		ours(batch).forEach((mine, i) => {
			const theirs = llhttp(batch[i]);
			const found = difference(mine, theirs);
			accepted += mine.messages.length;
			shared += Math.min(mine.messages.length, theirs.messages.length);
			if (found) {
				wrong++;
				console.log(`${found}\n  ${JSON.stringify(batch[i].toString('latin1').slice(0, 1000))}`);
			}
		});
	}
	console.log(`${all.length} inputs (seed ${seed}): we accept ${accepted} requests, ` +
		`llhttp ${shared} of them, ${wrong} inputs are read differently`);
	process.exit(wrong > 0 ? 1 : 0);
}

main();
