import Razorpay from 'razorpay';

export default {
	provider: 'razorpay',
	sdk: 'razorpay',
	secret: 'rzp-webhook-secret-42',
	verify: ({ text, header, secret }) =>
		Razorpay.validateWebhookSignature(text, header('x-razorpay-signature'), secret),
};
