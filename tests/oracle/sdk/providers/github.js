import { verify } from '@octokit/webhooks-methods';

export default {
	provider: 'github',
	sdk: '@octokit/webhooks-methods',
	secret: "It's a Secret to Everybody",
	verify: ({ text, header, secret }) => verify(secret, text, header('x-hub-signature-256')),
};
