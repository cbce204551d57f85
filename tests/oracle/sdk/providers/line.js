import { validateSignature } from '@line/bot-sdk';

export default {
	provider: 'line',
	sdk: '@line/bot-sdk',
	secret: '8c570fa6dd201bb328f1c1eac23a96d8',
	unread: { 'x-line-signature': /.=$/g }, // the SDK compares what it decoded, and decodes leniently
	verify: ({ body, header, secret }) => validateSignature(body, secret, header('x-line-signature')),
};
