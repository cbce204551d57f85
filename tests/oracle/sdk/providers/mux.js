import Mux from '@mux/mux-node';

const mux = new Mux({ tokenId: 'unused', tokenSecret: 'unused' });

export default {
	provider: 'mux',
	sdk: '@mux/mux-node',
	secret: '3k9vq1m7hp5s0r8txd2c4w6zb',
	tolerance_s: 300,
	verify: async ({ text, headers, secret }) => {
		await mux.webhooks.verifySignature(text, headers, secret);
		return true;
	},
};
