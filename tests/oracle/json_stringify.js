// Compares json_stringify with JSON.stringify(JSON.parse(...)) of Node.js, byte for byte, over made-up JSON and mutants of
// it: providers sign what their Node.js servers wrote, so that is what has to come out.
//
// node json_stringify.js PROGRAM [COUNT [SEED]]

'use strict';
const { spawnSync } = require('child_process');

const [program, count = '5000', seed = '1'] = process.argv.slice(2);
const BATCH = 2000;

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

function one_of(list) {
	return list[random(list.length)];
}

const STRINGS = ['""', '"a"', '"\\u00e9"', '"é€😀"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00x"', '"\\/"', '"\\u002f"',
	'"\\b\\f\\n\\r\\t\\"\\\\"', '"\\u0000\\u001f\\u007f"', '"\\u2028\u2029"', '"\\uD83D"', '"__proto__"', '"toString"',
	'"\u007f\u0080"', '"\\ud800\\ud83d\\ude00"'];
const KEYS = ['"a"', '"b"', '"0"', '"1"', '"2"', '"10"', '"01"', '"-1"', '"1.5"', '"4294967294"', '"4294967295"',
	'"4294967296"', '"9007199254740993"', '""', '"\\u0031"', '"__proto__"', '"constructor"', '"é"', '"\\ud800"'];
const NUMBERS = ['0', '-0', '1.0', '1.10', '1e2', '1E+2', '1e21', '1e20', '123456789012345678901', '9007199254740993', '1e-6',
	'1e-7', '0.000001', '0.0000001', '5e-324', '2e-324', '1.7976931348623157e308', '1e400', '-1e400', '0.1', '0.30000000000000004',
	'100000000000000000000', '1000000000000000000000', '4.35', '-5e-7', '123e-20', '1.0000000000000002'];
const BLANKS = ['', '', '', ' ', '\n', '\t', '\r\n '];

function blank() {
	return one_of(BLANKS);
}

function number() {
	if (random(2)) {
		return one_of(NUMBERS);
	}
	const digits = () => String(random(1000000000)).slice(0, 1 + random(9));
	return `${one_of(['', '-'])}${Number(digits())}${one_of(['', '.' + digits()])}${
		one_of(['', 'e' + (random(640) - 320)])}`;
}

function list(open, close, item) {
	const parts = Array.from({ length: random(5) }, item);
	return open + blank() + parts.join(blank() + ',' + blank()) + blank() + close;
}

function value(depth) {
	switch (random(depth > 0 ? 6 : 3)) {
	case 0: return one_of(STRINGS);
	case 1: return number();
	case 2: return one_of(['true', 'false', 'null']);
	case 3: return list('[', ']', () => value(depth - 1));
	default: return list('{', '}', () => one_of(KEYS) + blank() + ':' + blank() + value(depth - 1));
	}
}

function mutate(text) {
	const at = random(text.length + 1);
	return text.slice(0, at) + one_of(['', ',', ':', '"', '\\', '0', '-', '.', 'e', '{', ']', '\t', '\u0001', ' ', '\ufeff']) +
		text.slice(at + random(2));
}

function theirs(text) {
	try {
		return Buffer.from(JSON.stringify(JSON.parse(text))).toString('hex');
	} catch {
		return '-';
	}
}

function ours(batch) {
	const bytes = batch.map((text) => Buffer.from(text));
	const input = Buffer.concat(bytes.flatMap((one) => [Buffer.from(one.length + '\n'), one]));
	const run = spawnSync(program, { input, maxBuffer: 1 << 30 });
	if (run.status !== 0) {
		throw new Error(`${program} ended with ${run.status ?? run.signal}: ${run.stderr}`);
	}
	return run.stdout.toString().split('\n').slice(0, -1);
}

let wrong = 0, json = 0;
for (let done = 0; done < Number(count); done += BATCH) {
	const batch = Array.from({ length: Math.min(BATCH, count - done) }, () => {
		const text = blank() + value(4) + blank();
		return Buffer.from(random(3) ? text : mutate(text)).toString(); // half of a pair is no UTF-8
	}).filter((text) => !text.startsWith('\ufeff')); // a mark in front is skipped by us, as browsers do
	ours(batch).forEach((mine, i) => {
		const expected = theirs(batch[i]);
		json += expected !== '-';
		if (mine !== expected) {
			wrong++;
			console.log(`${JSON.stringify(batch[i])}\n  ours:   ${Buffer.from(mine, 'hex')}\n  theirs: ${
				Buffer.from(expected, 'hex')}`);
		}
	});
}
console.log(`${count} texts (seed ${seed}), ${json} of them JSON: ${wrong} are written differently`);
process.exit(wrong > 0 ? 1 : 0);
