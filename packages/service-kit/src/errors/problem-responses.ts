import { PROBLEM_CONTENT_TYPE, ProblemSchema } from '@linkerd-scenario/contract'

const content = { [PROBLEM_CONTENT_TYPE]: { schema: ProblemSchema } }

/** How every route describes its refusals and failures. */
export const problemResponses = {
  '4xx': { description: 'The request is refused, and why', content },
  '5xx': { description: 'The request failed, and who made the error', content },
}
