import DodoPayments from 'dodopayments';

const client = new DodoPayments({ bearerToken: 'unused' });

export default {
	provider: 'dodopayments',
	sdk: 'dodopayments',
	secret: 'whsec_m0PqX7rTz2YvK9bLc4WdHs1NfGj6Ua3E',
	tolerance_s: 300,
	verify: ({ text, headers, secret }) => client.webhooks.unwrap(text, { headers, key: secret }),
};
