import { isValidSignature } from '@sanity/webhook';

export default {
	provider: 'sanity',
	sdk: '@sanity/webhook',
	secret: 'sanity-secret-of-the-dataset',
	verify: ({ text, header, secret }) => isValidSignature(text, header('sanity-webhook-signature'), secret),
};
