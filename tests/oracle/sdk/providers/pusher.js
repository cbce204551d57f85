import Pusher from 'pusher';

const KEY = '278d425bdf160c739803';

export default {
	provider: 'pusher',
	sdk: 'pusher',
	secret: '7ad3773142a6692b25b8',
	headers: { 'X-Pusher-Key': KEY },
	verify: ({ text, headers, secret }) =>
		new Pusher({ appId: '1', key: KEY, secret, cluster: 'eu' }).webhook({ headers, rawBody: text }).isValid(),
};
