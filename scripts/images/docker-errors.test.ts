import { expect, test } from 'vitest'
import { explainDockerError } from './docker-errors.ts'

const ecr = { host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', repository: 'team/provider-linkerd' }

test.each([
  ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?', 'systemctl start docker'],
  ['permission denied while trying to connect to the Docker daemon socket at unix:///x/docker.sock', 'usermod'],
  ['no basic auth credentials', 'aws ecr get-login-password --region eu-west-1 | docker login --username AWS'],
  ['denied: Your authorization token has expired. Reauthenticate and try again.', 'get-login-password'],
  [
    "name unknown: The repository with name 'team/provider-linkerd' does not exist in the registry",
    'aws ecr create-repository --repository-name team/provider-linkerd --region eu-west-1',
  ],
  ['denied: User is not authorized to perform: ecr:InitiateLayerUpload', 'may not push'],
  ["tag invalid: The image tag '1.0' already exists and cannot be overwritten because it is immutable.", '--tag'],
  ['Get "https://x/v2/": http: server gave HTTP response to HTTPS client', 'insecure-registries'],
  ['Get "https://x/v2/": tls: failed to verify certificate: x509: unknown authority', 'certs.d'],
  ['dial tcp 127.0.0.1:1: connect: connection refused', 'cannot be reached'],
  ['dial tcp: lookup registry.invalid: no such host', 'cannot be reached'],
  ['write /x: no space left on device', 'docker system prune'],
])('%s', (output, advice) => {
  expect(explainDockerError(`some progress\n${output}\n`, ecr)).toContain(advice)
})

test("an error that we do not know is given in docker's own words", () => {
  expect(explainDockerError('step 1\nsomething odd\n')).toBe('docker failed: something odd')
})

test('a registry other than ECR is logged in to by its name', () => {
  expect(explainDockerError('unauthorized', { host: 'localhost:5000', repository: 'a' })).toContain(
    'docker login localhost:5000',
  )
})
