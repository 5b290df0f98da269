// Docker's HEALTHCHECK, in place of curl: asks the service in this container whether it is ready. Kubernetes asks itself.
import { get } from 'node:http'

const [portVariable = '', defaultPort = ''] = process.argv.slice(2)
const { [portVariable]: port, ADMIN_PORT: adminPort, HOST: host } = process.env

get({ host: host || '127.0.0.1', port: adminPort || Number(port || defaultPort) + 1, path: '/readyz' }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1)
}).on('error', ({ message }) => {
  console.error(message)
  process.exit(1)
})
