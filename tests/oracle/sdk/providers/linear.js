import { LinearWebhookClient } from '@linear/sdk/webhooks';

const EVENT = { action: 'create', type: 'Issue', data: { title: 'Zoë – 東京 🚀' } };

export default {
	provider: 'linear',
	sdk: '@linear/sdk',
	secret: 'lin_wh_8sQx2mT5vB1nY7rK',
	// The SDK looks for the time in the body, within a minute.
	bodies: [
		['compact JSON', JSON.stringify({ ...EVENT, webhookTimestamp: Date.now() })],
		['JSON with line ends', JSON.stringify({ ...EVENT, webhookTimestamp: Date.now() }, null, 2) + '\n'],
	],
	verify: ({ body, header, secret }) => new LinearWebhookClient(secret).verify(body, header('linear-signature')),
};
