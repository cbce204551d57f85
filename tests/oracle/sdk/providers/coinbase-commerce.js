import commerce from 'coinbase-commerce-node';

export default {
	provider: 'coinbase-commerce',
	sdk: 'coinbase-commerce-node',
	secret: 'c0ffee42-7a1b-4d3e-9f5c-2b8a6d1e0f37',
	verify: ({ text, header, secret }) => {
		commerce.Webhook.verifySigHeader(text, header('x-cc-webhook-signature'), secret);
		return true;
	},
};
