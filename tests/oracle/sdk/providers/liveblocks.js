import { WebhookHandler } from '@liveblocks/node';

const EVENT = {
	type: 'storageUpdated',
	data: { projectId: 'p1', roomId: 'Zoë – 東京 🚀', appId: 'a', updatedAt: 'now' },
};

export default {
	provider: 'liveblocks',
	sdk: '@liveblocks/node',
	secret: 'whsec_gbn1Zb9K3yVd0mQ7xTjLw4cRs8PfHu2E',
	tolerance_s: 300,
	unread: { 'webhook-signature': /^v1/g }, // the SDK knows one version
	// The SDK takes events of types it knows only.
	bodies: [
		['compact JSON', JSON.stringify(EVENT)],
		['JSON with line ends', JSON.stringify(EVENT, null, 2) + '\n'],
	],
	verify: ({ text, headers, secret }) => new WebhookHandler(secret).verifyRequest({ headers, rawBody: text }),
};
