import { Paddle } from '@paddle/paddle-node-sdk';

const paddle = new Paddle('unused');

export default {
	provider: 'paddle',
	sdk: '@paddle/paddle-node-sdk',
	secret: 'pdl_ntfset_01gkdqv27yc7x5m_9LwR4',
	tolerance_s: 5,
	verify: ({ text, header, secret }) =>
		paddle.webhooks.isSignatureValid(text, secret, header('paddle-signature')),
};
