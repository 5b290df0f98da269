/** A whole HTTP answer. */
export interface ProviderAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}
