import OpenAI from 'openai';

const openai = new OpenAI({ apiKey: 'unused' });

export default {
	provider: 'openai',
	sdk: 'openai',
	secret: 'whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjY',
	tolerance_s: 300,
	unread: { 'webhook-signature': /.=$/g }, // the SDK compares what it decoded, and decodes leniently
	verify: async ({ text, headers, secret }) => {
		await openai.webhooks.verifySignature(text, headers, secret);
		return true;
	},
};
