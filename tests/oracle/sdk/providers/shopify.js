import '@shopify/shopify-api/adapters/node';
import { shopifyApi } from '@shopify/shopify-api';

// What Shopify sends beside the signature, and its SDK asks for.
const HEADERS = {
	'X-Shopify-Topic': 'orders/create',
	'X-Shopify-Shop-Domain': 'example.myshopify.com',
	'X-Shopify-API-Version': '2026-01',
	'X-Shopify-Webhook-Id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
	'X-Shopify-Event-Id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
};

function app(secret) {
	return shopifyApi({ apiKey: 'unused', apiSecretKey: secret, apiVersion: '2026-01', isEmbeddedApp: false,
		hostName: 'hooks.example.com', logger: { level: 0, log: () => {} } });
}

export default {
	provider: 'shopify',
	sdk: '@shopify/shopify-api',
	secret: 'shpss_4f1c7d20e98b4a6db2c3',
	headers: HEADERS,
	verify: async ({ text, headers, url, secret }) => {
		const rawRequest = { method: 'POST', url: new URL(url).pathname, headers };
		return (await app(secret).webhooks.validate({ rawBody: text, rawRequest, rawResponse: {} })).valid;
	},
};
