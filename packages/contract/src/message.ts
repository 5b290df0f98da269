import { type Static, Type } from 'typebox'
import { HopSchema } from './hop.ts'

/** The query of `GET /` and `POST /`. */
export const MessageQuerySchema = Type.Object({
  in: Type.Optional(Type.String({ description: 'Text to be repeated in the message' })),
  headers: Type.Optional(
    Type.Boolean({ default: false, description: 'Adds to each hop the request headers that it received' }),
  ),
})
export type MessageQuery = Static<typeof MessageQuerySchema>

/** JSON body of `POST /`; a text/plain body is the text itself. */
export const MessageBodySchema = Type.Object({
  in: Type.Optional(Type.String({ description: 'Text to be repeated in the message' })),
})
export type MessageBody = Static<typeof MessageBodySchema>

/** What both services answer. */
export const MessageSchema = Type.Object(
  {
    message: Type.String({ description: "The provider's message", examples: ["I'm version: v1: hello"] }),
    hops: Type.Array(HopSchema, { description: 'The services on the way, the first called first' }),
  },
  { title: 'Message', description: 'The answer and the way it took' },
)
export type Message = Static<typeof MessageSchema>
