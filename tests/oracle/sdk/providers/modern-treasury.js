import ModernTreasury from 'modern-treasury';

const client = new ModernTreasury({ apiKey: 'unused', organizationID: 'unused' });

export default {
	provider: 'modern-treasury',
	sdk: 'modern-treasury',
	secret: 'mt-signing-key-6f9d',
	verify: ({ text, headers, secret }) => client.webhooks.validateSignature(text, headers, { key: secret }),
};
