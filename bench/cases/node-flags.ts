/** The flags with which the images start Node. */
export const NODE_FLAGS: readonly string[] = []
