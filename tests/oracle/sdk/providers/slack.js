import bolt from '@slack/bolt';

export default {
	provider: 'slack',
	sdk: '@slack/bolt',
	secret: '8f742231b10e8888abcd99yyyzzz85a5',
	tolerance_s: 300,
	verify: ({ text, header, secret }) => {
		bolt.verifySlackRequest({
			signingSecret: secret,
			body: text,
			headers: {
				'x-slack-signature': header('x-slack-signature'),
				'x-slack-request-timestamp': header('x-slack-request-timestamp'),
			},
		});
		return true;
	},
};
