import { Webhook } from 'standardwebhooks';

export default {
	provider: 'standard-webhooks',
	sdk: 'standardwebhooks',
	secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
	tolerance_s: 300,
	verify: ({ text, headers, secret }) => new Webhook(secret).verify(text, headers),
};
