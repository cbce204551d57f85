import { v2 as cloudinary } from 'cloudinary';

export default {
	provider: 'cloudinary',
	sdk: 'cloudinary',
	secret: 'aBcD1234efGH5678ijKL90mnopq',
	tolerance_s: 7200,
	verify: ({ text, header, secret }) => {
		cloudinary.config({ api_secret: secret });
		return cloudinary.utils.verifyNotificationSignature(text, Number(header('x-cld-timestamp')),
			header('x-cld-signature'));
	},
};
