import { Webhook } from 'svix';

export default {
	provider: 'svix',
	sdk: 'svix',
	secret: 'whsec_Q7dUZ4nYk0vGmR2yXb9sLw5tHf1cJe8w',
	tolerance_s: 300,
	verify: ({ text, headers, secret }) => new Webhook(secret).verify(text, headers),
};
