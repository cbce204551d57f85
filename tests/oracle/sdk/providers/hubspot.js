import { Signature } from '@hubspot/api-client';

export default {
	provider: 'hubspot',
	sdk: '@hubspot/api-client',
	secret: '2dc1a2b3-4c5d-4e6f-8a9b-0c1d2e3f4a5b',
	signs_url: true,
	tolerance_s: 300,
	verify: ({ text, url, header, secret }) => Signature.isValid({
		signatureVersion: 'v3',
		clientSecret: secret,
		requestBody: text,
		url,
		method: 'POST',
		signature: header('x-hubspot-signature-v3'),
		timestamp: header('x-hubspot-request-timestamp'),
	}),
};
