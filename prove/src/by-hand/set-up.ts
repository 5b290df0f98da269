/** The file with the services of all features. */
export const BASE_FILE = 'base.yaml'

/** What the commands of all features need. */
export interface ByHandReport {
  /** Before those of a feature. */
  setUp: string[]
  /** To remove everything in the end. */
  end: string[]
  /** The texts of the files that commands name. */
  files: Record<string, string>
}

/** `isOwn`: the namespace is made for it. undefined if the run did not get as far as to a base. */
export function byHandReport(
  namespace: string,
  isOwn: boolean,
  files: Record<string, string>,
): ByHandReport | undefined {
  if (files[BASE_FILE] === undefined) return undefined
  const kubectl = `kubectl -n ${namespace}`
  return {
    setUp: [
      ...(isOwn ? [`kubectl create namespace ${namespace}`] : []),
      `${kubectl} apply -f ${BASE_FILE}`,
      `${kubectl} wait --for=condition=Available deployment --all --timeout=180s`,
    ],
    end: [isOwn ? `kubectl delete namespace ${namespace}` : `${kubectl} delete --ignore-not-found -f ${BASE_FILE}`],
    files,
  }
}
