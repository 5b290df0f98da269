/** The namespace that the tour makes, and removes at the end. */
export const NAMESPACE = 'linkerd-tour'

/** For commands of kubectl. */
export const IN = `-n ${NAMESPACE}`
