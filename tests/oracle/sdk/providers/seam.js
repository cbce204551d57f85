import { SeamWebhook } from '@seamapi/webhook';

export default {
	provider: 'seam',
	sdk: '@seamapi/webhook',
	secret: 'whsec_5zXk8Rb1TqYw0NcVfGh3JmLp7DsEu2Ao',
	tolerance_s: 300,
	verify: ({ text, headers, secret }) => new SeamWebhook(secret).verify(text, headers),
};
