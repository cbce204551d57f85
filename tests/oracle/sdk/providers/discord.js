import crypto from 'node:crypto';
import { verifyKey } from 'discord-interactions';

const pair = crypto.generateKeyPairSync('ed25519');

function raw_hex(key) {
	return key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
}

export default {
	provider: 'discord',
	sdk: 'discord-interactions',
	secret: raw_hex(pair.publicKey),
	other_secret: raw_hex(crypto.generateKeyPairSync('ed25519').publicKey),
	sign({ body, now_s }) {
		const signed = Buffer.concat([Buffer.from(String(now_s)), body]);
		return {
			'X-Signature-Ed25519': crypto.sign(null, signed, pair.privateKey).toString('hex'),
			'X-Signature-Timestamp': String(now_s),
		};
	},
	verify: ({ body, header, secret }) =>
		verifyKey(body, header('x-signature-ed25519'), header('x-signature-timestamp'), secret),
};
