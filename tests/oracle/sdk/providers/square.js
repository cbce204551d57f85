import { WebhooksHelper } from 'square';

export default {
	provider: 'square',
	sdk: 'square',
	secret: 'asdf1234-key-of-the-subscription',
	signs_url: true,
	verify: ({ text, url, header, secret }) => WebhooksHelper.verifySignature({
		requestBody: text,
		signatureHeader: header('x-square-hmacsha256-signature'),
		signatureKey: secret,
		notificationUrl: url,
	}),
};
