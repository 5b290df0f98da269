import { judgement, type MeshPromise } from './promise.ts'
import { failedAs, slowerThan } from './traffic.ts'

/** Fewer slow calls say nothing. */
const ENOUGH_SLOW = 5

export const timeouts: MeshPromise = {
  id: 'timeouts',
  title: { en: 'Timeouts', es: 'Límites de tiempo' },
  claim: {
    en: 'A call that takes longer than the route allows is ended by the caller’s proxy, at that time.',
    es: 'El proxy del llamante termina, en ese momento, una llamada que tarda más de lo que permite la ruta.',
  },
  off: {
    en: 'Slow calls are answered, after their two seconds.',
    es: 'Las llamadas lentas responden, tras sus dos segundos.',
  },
  on: {
    en: 'Slow calls end after 500 ms with a 504 of the mesh.',
    es: 'Las llamadas lentas terminan a los 500 ms con un 504 de la malla.',
  },
  switchOn: 'kubectl apply -k k8s/features/timeouts',
  switchOff: 'kubectl delete -k k8s/features/timeouts',
  tryWith: { rate: 10, fault: 'delay;ms=2000' },
  judge(traffic) {
    const cut = failedAs(traffic, /^504 mesh outbound/)
    // What ends well before 500 ms is a 504 of another cause.
    const late = slowerThan(traffic, 400)
    const slow = slowerThan(traffic, 750)
    const figures = { cut, slow }
    if (cut >= ENOUGH_SLOW && late >= 0.9 * cut && slow <= 0.05 * cut) {
      return judgement(
        'looks-on',
        'The consumer’s proxy ended {cut} calls with 504 after about 500 ms; {slow} calls took longer than 750 ms. Promised: 500 ms.',
        'El proxy del consumidor terminó {cut} llamadas con 504 a los 500 ms; {slow} tardaron más de 750 ms. Prometido: 500 ms.',
        figures,
      )
    }
    if (slow >= ENOUGH_SLOW && cut === 0) {
      return judgement(
        'looks-off',
        '{slow} calls took longer than 750 ms, and the consumer’s proxy ended none of them. Promised: 500 ms.',
        '{slow} llamadas tardaron más de 750 ms, y el proxy del consumidor no terminó ninguna. Prometido: 500 ms.',
        figures,
      )
    }
    return judgement(
      'cannot-tell',
      '{slow} calls took longer than 750 ms, and the consumer’s proxy ended {cut} with 504. Only slow calls can tell.',
      '{slow} llamadas tardaron más de 750 ms, y el proxy del consumidor terminó {cut} con 504. Solo las lentas lo muestran.',
      figures,
    )
  },
}
