import twilio from 'twilio';

export default {
	provider: 'twilio',
	sdk: 'twilio',
	secret: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
	signs_url: true,
	content_type: 'application/x-www-form-urlencoded',
	bodies: [
		['a form', 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234'],
		['a form with spaces, an empty field, beyond ASCII', 'To=&Body=Zo%C3%AB+says+%F0%9F%9A%80&From=%2B1'],
	],
	verify: ({ text, url, header, secret }) =>
		twilio.validateRequest(secret, header('x-twilio-signature'), url,
			Object.fromEntries(new URLSearchParams(text))),
};
