import { isValidWebhookSignature } from '@fingerprint/node-sdk';

export default {
	provider: 'fingerprint',
	sdk: '@fingerprint/node-sdk',
	secret: '9wHbVz3Tq6Yk1LmX',
	verify: ({ body, header, secret }) =>
		isValidWebhookSignature({ header: header('fpjs-event-signature'), data: body, secret }),
};
