// Docker's HEALTHCHECK: asks the service in this container whether it is ready. Kubernetes asks the service itself.
import { get } from 'node:http'

/** `bundleService` writes the name of the service here. */
declare const SERVICE: 'provider' | 'consumer'

const { ADMIN_PORT, HOST, PROVIDER_PORT, CONSUMER_PORT } = process.env
const port = SERVICE === 'provider' ? PROVIDER_PORT || 5000 : CONSUMER_PORT || 6000

get({ host: HOST || '127.0.0.1', port: ADMIN_PORT || Number(port) + 1, path: '/readyz' }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1)
}).on('error', ({ message }) => {
  console.error(message)
  process.exit(1)
})
