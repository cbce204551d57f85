import { Resend } from 'resend';

const resend = new Resend('re_unused');

export default {
	provider: 'resend',
	sdk: 'resend',
	secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
	tolerance_s: 300,
	verify: ({ text, header, secret }) => resend.webhooks.verify({
		payload: text,
		headers: {
			id: header('svix-id'),
			timestamp: header('svix-timestamp'),
			signature: header('svix-signature'),
		},
		webhookSecret: secret,
	}),
};
