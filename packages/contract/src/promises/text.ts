/** A text in each language of the live page. */
export interface Text {
  en: string
  es: string
}

/** A number, a share of 1 that is shown as a percentage, or a name that stays as it is. */
export type Figure = number | string | { share: number }

/** Puts figures where the texts say `{name}`, each written as its language writes numbers. */
export function withFigures(text: Text, figures: Readonly<Record<string, Figure>>): Text {
  return { en: fill(text.en, figures, 'en'), es: fill(text.es, figures, 'es') }
}

function fill(template: string, figures: Readonly<Record<string, Figure>>, language: string): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => {
    const figure = figures[name]
    return figure === undefined ? place : written(figure, language)
  })
}

function written(figure: Figure, language: string): string {
  if (typeof figure === 'string') return figure
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  // SI 5.4.7: a space before the percent sign; it must not break.
  return typeof figure === 'number' ? format.format(figure) : `${format.format(figure.share * 100)}\u00a0%`
}
