interface Explanation {
  pattern: RegExp
  explain: (target: Target) => string
}

/** What was being pushed when docker failed. */
interface Target {
  host: string
  repository: string
}

const NO_TARGET: Target = { host: 'the registry', repository: '' }
const ECR_HOST = /^\d+\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/

const explanations: readonly Explanation[] = [
  {
    pattern: /permission denied.*docker(\.sock| daemon| API)/is,
    explain: () =>
      'This user may not use the Docker engine. Add it to the group (sudo usermod -aG docker $USER) and log in again, or use sudo.',
  },
  {
    pattern: /cannot connect to the docker daemon|failed to connect to the docker API|error during connect/i,
    explain: () =>
      'No Docker engine answers. Start Docker Desktop, or on Linux: sudo systemctl start docker. DOCKER_HOST, where set, must point to it.',
  },
  {
    pattern: /name unknown|repository .* (does not exist|not found)|NAME_UNKNOWN/i,
    explain: ({ host, repository }) =>
      `${host} has no repository ${repository}. Create it, in ECR: aws ecr create-repository --repository-name ${repository}${regionOption(host)}`,
  },
  {
    pattern: /immutable/i,
    explain: ({ host }) => `${host} holds this tag already and lets no one replace it: choose another with --tag.`,
  },
  {
    pattern: /no basic auth credentials|unauthorized|authentication required|token has expired|401/i,
    explain: ({ host }) => `${host} does not know you. Log in: ${loginCommand(host)}`,
  },
  {
    pattern: /denied|forbidden|403/i,
    explain: ({ host, repository }) =>
      `${host} refuses: this account may not push to ${repository}. Ask for the right to push, or log in as another: ${loginCommand(host)}`,
  },
  {
    pattern: /server gave HTTP response to HTTPS client/i,
    explain: ({ host }) =>
      `${host} speaks no TLS. Docker takes such a registry on localhost alone, or where "insecure-registries" in its daemon.json names it.`,
  },
  {
    pattern: /certificate|x509/i,
    explain: ({ host }) =>
      `Docker does not trust the certificate of ${host}. Put its CA into /etc/docker/certs.d/${host}/ca.crt.`,
  },
  {
    pattern: /connection refused|no such host|i\/o timeout|deadline exceeded|no route to host|timed? ?out|EOF$/i,
    explain: ({ host }) =>
      `${host} cannot be reached. Is the name right, is the network up, does the registry run there?`,
  },
  {
    pattern: /no space left on device/i,
    explain: () => 'The disk of the Docker engine is full: docker system prune makes room.',
  },
]

/** A sentence about why docker failed and what to do, from what it wrote; its own words where they are new to us. */
export function explainDockerError(output: string, target: Target = NO_TARGET): string {
  const known = explanations.find(({ pattern }) => pattern.test(output))
  return known
    ? known.explain(target)
    : `docker failed: ${output.trim().split('\n').at(-1)?.trim() || 'it said nothing'}`
}

function loginCommand(host: string): string {
  const region = ECR_HOST.exec(host)?.[1]
  return region
    ? `aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${host}`
    : `docker login ${host}`
}

function regionOption(host: string): string {
  const region = ECR_HOST.exec(host)?.[1]
  return region ? ` --region ${region}` : ''
}
