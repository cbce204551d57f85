import { WorkOS } from '@workos-inc/node';

const workos = new WorkOS('sk_unused');

export default {
	provider: 'workos',
	sdk: '@workos-inc/node',
	secret: 'wks_4T9mB7xQ2pLr',
	tolerance_s: 180,
	unread: { 'workos-signature': /^t|(?<=,) v1/g }, // the SDK goes by the order of the fields
	// The SDK takes the body parsed and writes it anew: compact JSON as JSON.stringify writes it is all it can judge.
	bodies: [
		['compact JSON', '{"id":"evt_1","event":"user.created","data":{"amount":1999,"ok":true}}'],
		['JSON beyond ASCII', '{"id":"evt_2","event":"user.updated","data":{"name":"Zoë – 東京 🚀"}}'],
	],
	verify: ({ text, header, secret }) => workos.webhooks.verifyHeader({
		payload: JSON.parse(text),
		sigHeader: header('workos-signature'),
		secret,
	}),
};
