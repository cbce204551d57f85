import Stripe from 'stripe';

const stripe = new Stripe('sk_test_unused');

export default {
	provider: 'stripe',
	sdk: 'stripe',
	secret: 'whsec_test_4fJ2qLr8ZxT0',
	tolerance_s: 300,
	verify: ({ text, header, secret }) =>
		stripe.webhooks.signature.verifyHeader(text, header('stripe-signature'), secret, 300),
};
